"use strict";
// The state of the route map: which rep, week, weekday and routes are on, and what that shows.

function showRoutes(map, tiles) {
  const data = JSON.parse(document.getElementById("plan-data").textContent);
  data.visitsOfStore = visitsOfStore(data);
  data.buildingOf = buildingOf(data);
  // What a canvas lies over is lost on paper with some readers of PDF, so the lines are over it.
  map.createPane("dots").style.zIndex = 390;
  map.createPane("stores").style.zIndex = 450;  // over the lines, for stores by the hundred
  const view = {
    map,
    data,
    on: new Set(),
    lines: L.layerGroup().addTo(map),
    labels: L.layerGroup().addTo(map),
    markers: L.layerGroup().addTo(map),
    others: L.layerGroup().addTo(map),
    pickers: document.querySelector(".pickers"),
    legend: document.querySelector(".legend"),
    dots: L.canvas({ padding: 0.3, pane: "dots" }),
    canvas: L.canvas({ padding: 0.3, pane: "stores" }),
    shown: [],
  };
  map.setView(data.reps[0].at, 12);
  L.control.zoom({ zoomInTitle: data.texts.zoom_in, zoomOutTitle: data.texts.zoom_out }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
  L.control.attribution({ prefix: '<a href="https://leafletjs.com">Leaflet</a>' }).addTo(map);
  pickFirstDay(view);
  listen(view);
  applyPick(view);
  if (tiles) addTilesWhenReachable(map, tiles);
}

function visitsOfStore(data) {
  const found = data.stores.map(() => []);
  data.routes.forEach((route, index) => {
    for (const variant of route.variants) {
      variant.visits.forEach((visit, place) => {
        found[visit.store].push({ route: index, times: visit.times, number: place + 1 });
      });
    }
  });
  return found;
}

function buildingOf(data) {
  const found = new Map();
  data.buildings.forEach((stores, index) => stores.forEach((store) => found.set(store, index)));
  return found;
}

// ---- what is picked --------------------------------------------------------------------------

function pickFirstDay(view) {
  const { data, pickers } = view;
  const driven = data.routes.filter((route) => isRepOn(view, route.rep));
  // A day of appointments only shows no store; it is the first only where there is nothing else.
  const routes = driven.filter((route) => route.isRoute);
  const days = (routes.length ? routes : driven).flatMap((r) => r.variants.flatMap((v) => v.days));
  const [week, weekday] = data.days[days.length ? Math.min(...days) : 0];
  pickers.elements.week.value = String(week);
  const radios = pickers.querySelectorAll("[name=weekday]");
  for (const radio of radios) radio.checked = radio.dataset.index === String(weekday);
}

function pickedRep(view) {
  const select = view.pickers.elements.rep;
  return !select ? 0 : select.value === "all" ? null : Number(select.value);
}

function isRepOn(view, rep) {
  const picked = pickedRep(view);
  return picked === null || rep === undefined || rep === picked;
}

function pickedDays(view) {
  const week = picked(view, "week");
  const weekday = picked(view, "weekday");
  const found = new Set();
  view.data.days.forEach(([w, d], day) => {
    if ((week === null || w === week) && (weekday === null || d === weekday)) found.add(day);
  });
  return found;
}

function picked(view, name) {
  const radio = view.pickers.querySelector(`[name=${name}]:checked`);
  if (!radio || radio.value === "all") return null;
  return Number(radio.dataset.index);
}

function listen(view) {
  view.pickers.addEventListener("change", (event) => {
    if (event.target.name === "rep") pickFirstDay(view);
    applyPick(view);
  });
  view.legend.addEventListener("change", (event) => {
    if (event.target.name === "route") {
      const index = Number(event.target.value);
      if (event.target.checked) view.on.add(index);
      else view.on.delete(index);
    }
    draw(view);
  });
  view.legend.elements.all.addEventListener("click", () => tickAll(view, true));
  view.legend.elements.none.addEventListener("click", () => tickAll(view, false));
  view.map.on("zoomend", () => placeLabels(view));
  view.map.on("popupopen", ({ popup }) => {
    const button = popup.getElement().querySelector(".leaflet-popup-close-button");
    button.setAttribute("aria-label", view.data.texts.close);
  });
  window.addEventListener("beforeprint", () => setPrinting(view, true));
  window.addEventListener("afterprint", () => setPrinting(view, false));
}

function tickAll(view, isOn) {
  view.on = new Set();
  if (isOn) {
    view.data.routes.forEach((route, i) => { if (isRepOn(view, route.rep)) view.on.add(i); });
  }
  draw(view);
  fit(view);
}

function applyPick(view) {
  const days = pickedDays(view);
  view.on = new Set();
  view.data.routes.forEach((route, index) => {
    const isDriven = route.variants.some((variant) => variant.days.some((day) => days.has(day)));
    if (isDriven && isRepOn(view, route.rep)) view.on.add(index);
  });
  draw(view);
  fit(view);
}

// A route that was ticked outside the picked days shows all its days.
function variantsOn(view) {
  const days = pickedDays(view);
  const found = [];
  for (const index of view.on) {
    const { variants } = view.data.routes[index];
    const inPick = variants.filter((variant) => variant.days.some((day) => days.has(day)));
    for (const variant of inPick.length ? inPick : variants) found.push({ index, variant });
  }
  return found;
}

function isNumbered(view, shown) {
  if (view.on.size === 1) return true;
  const days = [...pickedDays(view)];
  return days.length === 1 && shown.every(({ variant }) => variant.days.includes(days[0]));
}

// ---- legend, fitting, printing -----------------------------------------------------------------

function updateLegend(view, shown, stores) {
  const { data, legend, pickers } = view;
  for (const row of legend.querySelectorAll(".route")) {
    const box = row.querySelector("input");
    const isOn = view.on.has(Number(box.value));
    box.checked = isOn;
    row.hidden = !isRepOn(view, Number(row.dataset.rep));
    row.classList.toggle("off", !isOn);
  }
  pickers.querySelector(".shown").textContent =
    data.texts.shown.replace("{routes}", `${pickWords(view)} · ${shownWords(data, shown, stores) ||
      emptyWords(view)}`);
}

// "T1 T2 · 12 stores"; days of appointments only by title and time.
function shownWords(data, shown, stores) {
  const names = new Set();
  const meetings = new Set();
  for (const { index, variant } of shown) {
    if (data.routes[index].isRoute) names.add(data.routes[index].label);
    else for (const { title, time } of variant.appointments) meetings.add(`${title} ${time}`);
  }
  const count = [...stores.values()].filter((entry) => !entry.isMissing).length;
  const words = count === 1 ? data.texts.stores_one : data.texts.stores_many.replace("{n}", count);
  return [...(names.size ? [[...names].join(" "), words] : []), ...meetings].join(" · ");
}

function emptyWords(view) {
  const days = pickedDays(view);
  const isDriven = view.data.routes.some((route) => isRepOn(view, route.rep) &&
    route.variants.some((variant) => variant.days.some((day) => days.has(day))));
  return isDriven ? view.data.texts.nothing_on : view.data.texts.no_route;
}

function pickWords(view) {
  const week = picked(view, "week");
  const weekday = picked(view, "weekday");
  const words = [week === null ? view.data.texts.whole_cycle : view.data.weeks[week]];
  if (weekday !== null) words.push(view.data.weekdays[weekday]);
  return words.join(" ");
}

const CLOSEST_ZOOM = 15;  // about 5 km across
const CLOSEST_ZOOM_OF_MEETING = 13;  // a single place says nothing without what lies round it

function fit(view) {
  const at = view.shown.flatMap(({ variant }) => variant.path);
  const isMeeting = at.length && view.shown.every(({ variant }) => !variant.visits.length);
  if (isMeeting) {
    for (const { index } of view.shown) at.push(view.data.reps[view.data.routes[index].rep].at);
  }
  if (!at.length) {
    view.data.stores.forEach((s, i) => { if (isRepOn(view, repOf(view, i))) at.push(s.at); });
    view.data.reps.forEach((rep, i) => { if (isRepOn(view, i)) at.push(rep.at); });
  }
  const maxZoom = isMeeting ? CLOSEST_ZOOM_OF_MEETING : CLOSEST_ZOOM;
  view.map.fitBounds(L.latLngBounds(at), { padding: [36, 36], maxZoom, animate: false });
}

// The page takes its printed shape before the browser lays out the sheet, so the map can fit it.
function setPrinting(view, isPrinting) {
  document.body.classList.toggle("printing", isPrinting);
  view.map.closePopup();
  view.map.invalidateSize({ animate: false, pan: false });
  fit(view);
}
