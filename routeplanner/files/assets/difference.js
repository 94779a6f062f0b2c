"use strict";
// The state of the map of the difference: which two plans, days and kinds of change are on.

const MANY_DAYS = 6;  // lines of more days would hide the stores

function showDifference(map, tiles) {
  const data = JSON.parse(document.getElementById("difference-data").textContent);
  const second = L.map("map-b", map.options);
  const view = {
    data,
    sides: { a: sideOf(map), b: sideOf(second) },
    pickers: document.querySelector(".pickers"),
    legend: document.querySelector(".legend"),
    kinds: [],
  };
  for (const side of Object.values(view.sides)) {
    side.map.setView(data.reps[0].at, 12);
    L.control.zoom({ zoomInTitle: data.texts.zoom_in, zoomOutTitle: data.texts.zoom_out })
      .addTo(side.map);
    L.control.scale({ imperial: false, maxWidth: 120 }).addTo(side.map);
    L.control.attribution({ prefix: '<a href="https://leafletjs.com">Leaflet</a>' }).addTo(side.map);
  }
  keepTogether(map, second);
  listen(view);
  showAll(view);
  fit(view);
  if (tiles) {
    addTilesWhenReachable(map, tiles);
    addTilesWhenReachable(second, L.tileLayer(tiles._url, tiles.options));
  }
}

function sideOf(map) {
  const group = () => L.layerGroup().addTo(map);
  return { map, lines: group(), quiet: group(), markers: group(), spots: new Map() };
}

// Both maps always show the same part of the world.
function keepTogether(first, second) {
  let isFollowing = false;
  const follow = (from, to) => () => {
    if (isFollowing) return;
    isFollowing = true;
    to.setView(from.getCenter(), from.getZoom(), { animate: false });
    isFollowing = false;
  };
  first.on("move zoomend", follow(first, second));
  second.on("move zoomend", follow(second, first));
}

// ---- what is picked ----------------------------------------------------------------------------

function picked(view, name) {
  const control = view.pickers.elements[name];
  return !control || control.value === "all" ? null : Number(control.value);
}

function planOf(view, side) {
  return view.data.plans[Number(view.pickers.elements[side].value)];
}

function isDayOn(view, day) {
  const week = picked(view, "week");
  const weekday = picked(view, "weekday");
  const rep = picked(view, "rep");
  return (week === null || day.week === week) && (weekday === null || day.weekday === weekday) &&
    (rep === null || day.rep === rep);
}

function daysOn(view, side) {
  return planOf(view, side).days.filter((day) => isDayOn(view, day));
}

function isOneDay(view) {
  return picked(view, "week") !== null && picked(view, "weekday") !== null;
}

// Store index → the visits of a side on the days that are on.
function visitsOn(view, side) {
  const found = new Map();
  for (const day of daysOn(view, side)) {
    day.visits.forEach(([store, time], place) => {
      if (!found.has(store)) found.set(store, []);
      found.get(store).push({ day, time, number: place + 1 });
    });
  }
  return found;
}

// ---- what changes from A to B ------------------------------------------------------------------

function kindsOfChange(view) {
  const [was, now] = ["a", "b"].map((side) => {
    const found = view.data.stores.map(() => []);
    for (const day of planOf(view, side).days) {
      for (const [store] of day.visits) found[store].push(day);
    }
    return found;
  });
  return view.data.stores.map((_, store) => kindOf(was[store], now[store]));
}

function kindOf(was, now) {
  if (!was.length && !now.length) return null;
  if (!was.length) return "new";
  if (!now.length) return "dropped";
  const all = (days, words) => [...new Set(days.map(words))].sort().join();
  if (all(was, (d) => d.rep) !== all(now, (d) => d.rep)) return "rep";
  if (was.length !== now.length) return "number";
  const when = (day) => `${day.week}-${day.weekday}`;
  return all(was, when) === all(now, when) ? "same" : "days";
}

// ---- panel -------------------------------------------------------------------------------------

function listen(view) {
  view.pickers.addEventListener("change", (event) => {
    showAll(view);
    if (event.target.name === "view") refit(view);
    else if (event.target.name !== "a" && event.target.name !== "b") fit(view);
  });
  view.pickers.elements.swap.addEventListener("click", () => {
    const { a, b } = view.pickers.elements;
    [a.value, b.value] = [b.value, a.value];
    showAll(view);
  });
  view.legend.addEventListener("change", () => drawSides(view));
  view.legend.addEventListener("submit", (event) => event.preventDefault());
  view.legend.elements.find.addEventListener("input", () => fillList(view));
  for (const { map } of Object.values(view.sides)) {
    map.on("popupopen", ({ popup }) => {
      const button = popup.getElement().querySelector(".leaflet-popup-close-button");
      button.setAttribute("aria-label", view.data.texts.close);
    });
  }
}

function showAll(view) {
  view.kinds = kindsOfChange(view);
  const shown = view.pickers.elements.view.value;
  document.querySelector(".maps").classList.toggle("one", shown !== "both");
  for (const side of ["a", "b"]) {
    const box = document.querySelector(`.side-${side}`);
    box.hidden = shown !== "both" && shown !== side;
    box.querySelector(".name").textContent = planOf(view, side).name;
    box.querySelector(".day-facts").textContent = dayFacts(view, side);
  }
  showCounts(view);
  fillList(view);
  drawSides(view);
}

function dayFacts(view, side) {
  const days = daysOn(view, side);
  const words = view.data.texts;
  if (!days.length) return `· ${words.nothing_driven}`;
  const n = days.reduce((sum, day) => sum + day.visits.length, 0);
  const facts = days.length === 1 ? [days[0].facts] : [];
  const visits = n === 1 ? words.visits_one : words.visits_n.replace("{n}", n);
  return ["", visits, ...facts].join(" · ").trim();
}

function showCounts(view) {
  const { data, legend, pickers } = view;
  const known = view.kinds.filter(Boolean);
  const n = known.filter((kind) => kind !== "same").length;
  const changes = n === 1 ? data.texts.changes_one : data.texts.changes;
  document.querySelector(".changes").textContent = n
    ? changes.replace("{n}", n).replace("{k}", known.length) : data.texts.no_change;
  for (const row of legend.querySelectorAll("[data-kind]")) {
    const count = known.filter((kind) => kind === row.dataset.kind).length;
    row.querySelector(".count").textContent = count;
    row.hidden = !count;
  }
  const [a, b] = ["a", "b"].map((side) => visitsOn(view, side));
  const both = [...a.keys()].filter((store) => b.has(store)).length;
  const words = data.texts.of_day.replace("{a}", a.size).replace("{b}", b.size).replace("{n}", both);
  pickers.querySelector(".shown").textContent = `${pickWords(view)}: ${words}`;
}

function pickWords(view) {
  const week = picked(view, "week");
  const weekday = picked(view, "weekday");
  const words = [week === null ? view.data.texts.whole_cycle : view.data.weeks[week]];
  if (weekday !== null) words.push(view.data.weekdays[weekday]);
  return words.join(" ");
}

// The stores that change, of the days that are on, with was → is.
function fillList(view) {
  const { data, legend } = view;
  const wanted = legend.elements.find.value.trim().toLowerCase();
  const [a, b] = ["a", "b"].map((side) => visitsOn(view, side));
  const stores = data.stores.map((_, store) => store).filter((store) =>
    view.kinds[store] && view.kinds[store] !== "same" && (a.has(store) || b.has(store)) &&
    `${data.stores[store].name} ${data.stores[store].id}`.toLowerCase().includes(wanted));
  legend.querySelector(".changed > legend").textContent =
    data.texts.list_of.replace("{n}", stores.length);
  const rows = stores.map((store) => {
    const button = element("button");
    button.type = "button";
    button.append(element("b", "", data.stores[store].name),
      element("small", "", movedWords(view, store)));
    button.addEventListener("click", () => openStore(view, store));
    const row = element("li");
    row.append(button);
    return row;
  });
  legend.querySelector(".changed ol").replaceChildren(...rows);
}

function movedWords(view, store) {
  const [was, now] = ["a", "b"].map((side) => planOf(view, side).when[store][0]);
  const none = view.data.texts.not_visited;
  return `${was || none} → ${now || none}`;
}

function openStore(view, store) {
  const shown = view.pickers.elements.view.value;
  for (const [name, side] of Object.entries(view.sides)) {
    if (shown !== "both" && shown !== name) continue;
    side.map.panInside(view.data.stores[store].at, { padding: [40, 40], animate: false });
    side.spots.get(store)?.openPopup();
  }
}

// ---- fitting -----------------------------------------------------------------------------------

function refit(view) {
  for (const { map } of Object.values(view.sides)) map.invalidateSize({ animate: false, pan: false });
  fit(view);
}

function fit(view) {
  const days = [...daysOn(view, "a"), ...daysOn(view, "b")];
  const at = days.flatMap((day) => day.path);
  if (!at.length) at.push(...view.data.stores.map((store) => store.at));
  const shown = view.pickers.elements.view.value;
  const { map } = view.sides[shown === "b" ? "b" : "a"];
  map.fitBounds(L.latLngBounds(at), { padding: [22, 22], maxZoom: 15, animate: false });
}
