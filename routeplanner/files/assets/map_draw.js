"use strict";
// What is on the map for a state of the view: lines with labels, places, stores.

const MANY_MARKERS = 500;
const MANY_SHRINK = 0.6;

function draw(view) {
  const shown = variantsOn(view);
  view.shown = shown;
  for (const group of [view.lines, view.labels, view.markers, view.others]) group.clearLayers();
  const stores = storesOn(view, shown);
  drawOthers(view, stores);
  drawLines(view, shown);
  drawPlaces(view, shown);
  drawStores(view, stores, isNumbered(view, shown));
  placeLabels(view);
  updateLegend(view, shown, stores);
}

// Store index → routes that are on and its number on the first of them.
function storesOn(view, shown) {
  const found = new Map();
  for (const { index, variant } of shown) {
    variant.visits.forEach((visit, place) => {
      const entry = found.get(visit.store) || { routes: [], number: place + 1 };
      if (!entry.routes.includes(index)) entry.routes.push(index);
      found.set(visit.store, entry);
    });
  }
  if (view.legend.elements.missing?.checked) {
    view.data.stores.forEach((store, index) => {
      const isMissing = store.missing && !store.missing.served && isRepOn(view, store.rep);
      if (isMissing && !found.has(index)) found.set(index, { routes: [], isMissing: true });
    });
  }
  return found;
}

function drawOthers(view, stores) {
  if (!view.legend.elements.others.checked) return;
  view.data.stores.forEach((store, index) => {
    if (stores.has(index) || !isRepOn(view, repOf(view, index))) return;
    L.circleMarker(store.at, {
      renderer: view.dots, radius: 4, color: "#8a8a8a", weight: 1, fillColor: "#d6d6d6",
      fillOpacity: 1,
    }).bindPopup(() => popupNode(view.data, [index]), popupOptions(view)).addTo(view.others);
  });
}

function repOf(view, index) {
  const visit = view.data.visitsOfStore[index][0];
  return view.data.stores[index].rep ?? (visit && view.data.routes[visit.route].rep);
}

function drawLines(view, shown) {
  for (const { index, variant } of shown) {
    // Light colors would drown in the light background without a dark edge.
    const color = view.data.routes[index].ink === "#FFFFFF" ? "#fff" : "#555";
    L.polyline(variant.path, { color, weight: 6, opacity: 0.9, interactive: false })
      .addTo(view.lines);
  }
  for (const { index, variant } of shown) {
    const { color } = view.data.routes[index];
    L.polyline(variant.path, { color, weight: 4, opacity: 1, interactive: false }).addTo(view.lines);
  }
}

function drawPlaces(view, shown) {
  const words = view.data.texts;
  const wordsAt = new Map();  // an appointment at the start place is told in the house's popup
  view.data.reps.forEach((rep, index) => {
    if (isRepOn(view, index)) wordsAt.set(String(rep.at), [`${words.start_end}: ${rep.title}`]);
  });
  const bases = new Set(wordsAt.keys());
  for (const { at, title, time } of shown.flatMap(({ variant }) => variant.appointments)) {
    const known = wordsAt.get(String(at)) || [];
    const line = `${title} · ${time}`;
    if (!known.includes(line)) known.push(line);
    wordsAt.set(String(at), known);
  }
  for (const [key, lines] of wordsAt) {
    const icon = bases.has(key) ? houseIcon() : appointmentIcon();
    addPlace(view, key.split(",").map(Number), icon, lines.join("\n"));
  }
}

function addPlace(view, at, icon, title) {
  const marker = L.marker(at, { icon, title, zIndexOffset: -200 });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", title));
  marker.bindPopup(() => element("p", "place-title", title), popupOptions(view));
  marker.addTo(view.markers);
}

function popupOptions(view) {
  return { maxWidth: 300, maxHeight: Math.max(160, view.map.getSize().y - 120) };
}

function drawStores(view, stores, isByNumber) {
  const isCanvas = stores.size > MANY_MARKERS;
  const done = new Set();
  for (const index of stores.keys()) {
    const building = view.data.buildingOf.get(index);
    if (done.has(building) && building !== undefined) continue;
    done.add(building);
    const all = building === undefined ? [index] : view.data.buildings[building];
    const members = all.filter((member) => stores.has(member));
    const rest = all.filter((member) => !stores.has(member));
    const look = lookOf(view, members, stores, isByNumber);
    if (isCanvas) look.size *= MANY_SHRINK;
    const marker = storeMarker(look, isCanvas);
    if (isCanvas) marker.options.renderer = view.canvas;
    marker.bindPopup(() => popupNode(view.data, [...members, ...rest]), popupOptions(view)).addTo(view.markers);
  }
}

function lookOf(view, members, stores, isByNumber) {
  const { data, legend } = view;
  const entries = members.map((member) => stores.get(member));
  const routes = [...new Set(entries.flatMap((entry) => entry.routes))];
  const first = data.stores[members[0]];
  const ranks = members.map((m) => data.classes.findIndex((c) => c.label === data.stores[m].class));
  const isMissing = routes.length === 0;
  const isBuilding = members.length > 1;
  const numbers = entries.filter((entry) => !entry.isMissing).map((entry) => entry.number);
  let words = isMissing ? "!" : isByNumber ? String(entries[0].number) : first.class ?? "";
  if (isBuilding) words = isByNumber && !isMissing ? spanOf(numbers) : `×${members.length}`;
  const names = members.map((member) => data.stores[member].name).join(", ");
  return {
    at: first.at,
    text: words,
    title: isMissing ? `${names} · ${data.texts.not_scheduled}` : names,
    size: sizeOf(Math.min(...ranks)),
    colors: routes.map((index) => data.routes[index].color),
    ink: routes.length ? data.routes[routes[0]].ink : "",
    isMissing,
    isBuilding,
    isShort: !isMissing && Boolean(legend.elements.short?.checked) &&
      members.some((member) => data.stores[member].missing?.served),
  };
}

// "4–6 ×3" for visits in a row, "2, 7 ×2" for others: the numbers, then how many stores.
function spanOf(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const isRow = sorted.at(-1) - sorted[0] === sorted.length - 1;
  const words = isRow && sorted.length > 1 ? `${sorted[0]}–${sorted.at(-1)}` : sorted.join(", ");
  return `${words} ×${numbers.length}`;
}

const LABEL_GAP_PX = 34;

function placeLabels(view) {
  view.labels.clearLayers();
  const taken = [];
  const isManyReps = new Set(view.shown.map(({ index }) => view.data.routes[index].rep)).size > 1;
  for (const { index, variant } of view.shown) {
    const route = view.data.routes[index];
    const isOnePlace = variant.path.every((place) => String(place) === String(variant.path[0]));
    if (!route.isRoute && isOnePlace) continue;  // its words would hide the house
    const at = freeMiddle(view.map, variant.path, taken);
    if (!at) continue;
    const rep = isManyReps ? `${view.data.reps[route.rep].title.split(" ")[0]} ` : "";
    L.marker(at, {
      icon: labelIcon(rep + route.label, route.color, route.ink), interactive: false,
      keyboard: false, zIndexOffset: -100,
    }).addTo(view.labels);
  }
}

// The middle of the longest leg that keeps clear of the labels placed before; else of the longest.
function freeMiddle(map, path, taken) {
  const points = path.map((at) => map.latLngToLayerPoint(at));
  const legs = points.slice(1).map((point, i) => ({
    middle: point.add(points[i]).divideBy(2), length: point.distanceTo(points[i]),
  }));
  if (!legs.length) return null;
  legs.sort((a, b) => b.length - a.length);
  const free = legs.find(({ middle }) => taken.every((t) => t.distanceTo(middle) > LABEL_GAP_PX));
  const { middle } = free || legs[0];
  taken.push(middle);
  return map.layerPointToLatLng(middle);
}
