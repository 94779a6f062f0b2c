"use strict";
// What stands on the two maps: lines of the days that are on, stores that change, stores that stay.

const FEW_MOVES = 12;  // with more, words on the map would hide each other
const SIZES_OF_MOVES = [25, 20];  // of few and of many
const BADGES = { rep: "⇄", number: "±", new: "+", dropped: "−" };

function drawSides(view) {
  const visits = { a: visitsOn(view, "a"), b: visitsOn(view, "b") };
  view.isFew = view.kinds.filter((kind) => kind && kind !== "same").length <= FEW_MOVES;
  for (const side of ["a", "b"]) drawSide(view, side, visits[side], visits[side === "a" ? "b" : "a"]);
}

function drawSide(view, name, own, other) {
  const side = view.sides[name];
  for (const group of [side.lines, side.quiet, side.markers]) group.clearLayers();
  side.spots.clear();
  drawDays(view, side, daysOn(view, name));
  view.data.reps.forEach((rep, index) => {
    if (picked(view, "rep") !== null && picked(view, "rep") !== index) return;
    const title = `${view.data.texts.start}: ${rep.title}`;
    L.marker(rep.at, { icon: houseIcon(), title, zIndexOffset: -300, keyboard: false })
      .addTo(side.quiet);
  });
  view.data.stores.forEach((store, index) => {
    const kind = view.kinds[index];
    if (!kind || !isKindOn(view, kind)) return;
    const look = lookOf(view, index, own.get(index), other.get(index));
    if (look) drawSpot(view, side, index, look);
    else drawDot(view, side, index);
  });
}

function isKindOn(view, kind) {
  return view.legend.querySelector(`[name=kind][value=${kind}]`).checked;
}

function drawDays(view, side, days) {
  if (days.length > MANY_DAYS) return;
  const line = (day, color, weight) =>
    L.polyline(day.path, { color, weight, opacity: 0.9, interactive: false }).addTo(side.lines);
  for (const day of days) line(day, view.data.inks[day.weekday] === "#FFFFFF" ? "#fff" : "#555", 5);
  for (const day of days) line(day, view.data.colors[day.weekday], 3);
}

// How a store looks on a side: its visits on the days that are on, and whether they are others than
// on the other side. A store that is visited there alone is drawn empty.
function lookOf(view, index, own, other) {
  if (!own && !other) return null;
  const kind = view.kinds[index];
  const when = (visits) => (visits ?? [])
    .map(({ day }) => `${day.week}-${day.weekday}-${day.rep}`).sort().join();
  const isSingle = isOneDay(view);
  const isChanged = when(own) !== when(other);
  const weekdays = [...new Set((own ?? []).map(({ day }) => day.weekday))].sort();
  const first = own?.[0];
  return {
    isChanged,
    isAway: !own,
    isNumbered: isSingle,
    colors: weekdays.map((weekday) => view.data.colors[weekday]),
    ink: first ? view.data.inks[first.day.weekday] : "#000000",
    text: isSingle && first ? String(first.number) : view.data.stores[index].class,
    badge: isChanged && !isSingle ? BADGES[kind] : undefined,
    size: isChanged ? SIZES_OF_MOVES[Number(!isSingle && !view.isFew)] : isSingle ? 20 : 14,
  };
}

function drawSpot(view, side, index, look) {
  const store = view.data.stores[index];
  const title = `${store.name}: ${look.isChanged ? movedWords(view, index) : view.data.texts.same}`;
  const size = look.isAway ? 15 : look.size;
  const marker = L.marker(store.at, {
    icon: L.divIcon({ html: spotNode(look), className: "store", iconSize: [size, size] }),
    title, riseOnHover: true, zIndexOffset: look.isAway ? 50 : look.isChanged ? 400 : 100,
  });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", title));
  marker.bindPopup(() => changeNode(view, index), { maxWidth: 280 });
  if (view.isFew && look.isChanged && !look.isAway) {
    marker.bindTooltip(briefWords(view, index), {
      permanent: true, direction: "right", offset: [size / 2, 0], className: "move-label",
    });
  }
  marker.addTo(look.isChanged ? side.markers : side.quiet);
  side.spots.set(index, marker);
}

function spotNode(look) {
  const node = element("span", "spot");
  const label = element("span", "label", look.isAway ? "" : look.text);
  if (look.isAway) {
    node.classList.add("away");
  } else if (look.colors.length === 1) {
    node.style.background = look.colors[0];
    node.style.color = look.ink;
  } else {
    node.style.background = ringOf(look.colors);
    label.classList.add("core");
  }
  if (!look.isChanged) node.classList.add("quiet");
  if (look.isNumbered) node.classList.add("numbered");
  node.append(label);
  if (look.badge) node.append(element("span", "badge", look.badge));
  return node;
}

function drawDot(view, side, index) {
  const dot = L.circleMarker(view.data.stores[index].at, {
    radius: 3, color: "#8a8a8a", weight: 1, fillColor: "#d6d6d6", fillOpacity: 1,
  });
  dot.bindPopup(() => changeNode(view, index), { maxWidth: 280 }).addTo(side.quiet);
  side.spots.set(index, dot);
}

function briefWords(view, index) {
  const [was, now] = ["a", "b"].map((side) => planOf(view, side).when[index][1]);
  return `${was || "–"} → ${now || "–"}`;
}

// One store of a popup: what becomes of it, and its visits in both plans.
function changeNode(view, index) {
  const store = view.data.stores[index];
  const words = view.data.texts;
  const box = element("div", "popup");
  box.append(element("h2", "", store.name));
  box.append(element("p", "kind", `${store.class} · ${words.store_id} ${store.id} · ` +
    view.data.kinds[view.kinds[index]]));
  const list = element("dl");
  for (const side of ["a", "b"]) {
    const plan = planOf(view, side);
    const visits = visitsOn(view, side).get(index) ?? [];
    const when = isOneDay(view) && visits.length
      ? ` (${words.visit_at.replace("{n}", visits[0].number).replace("{time}", visits[0].time)})` : "";
    factRow(list, `${side.toUpperCase()} ${plan.name}`,
      (plan.when[index][0] || words.not_visited) + when);
  }
  box.append(list);
  return box;
}
