"use strict";
// Markers, popups and labels of the route map. Every word enters the page as text, never as HTML.

function element(tag, className, content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
}

// Equal shares of a ring for a store that stands on several routes.
function ringOf(colors) {
  const share = 100 / colors.length;
  const parts = colors.map((c, i) => `${c} ${i * share}% ${(i + 1) * share}%`);
  return `conic-gradient(${parts.join(",")})`;
}

const HOUSE = "M3 11 12 3l9 8v10h-6v-6H9v6H3z";

function houseNode() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", HOUSE);
  svg.append(path);
  return svg;
}

const SIZES = [34, 29, 24];  // by class, best first; 24 px is the least that a finger hits

function sizeOf(classIndex) {
  return SIZES[Math.min(Math.max(classIndex, 0), SIZES.length - 1)];
}

function pointNode(look) {
  const node = element("span", "point");
  const label = element("span", "label", look.text);
  if (look.isBuilding) node.classList.add("building");
  if (look.isMissing) {
    node.classList.add("missing");
  } else if (look.colors.length === 1) {
    node.style.background = look.colors[0];
    node.style.color = look.ink;
  } else {
    node.style.background = ringOf(look.colors);
    label.classList.add("core");
  }
  node.append(label);
  if (look.isShort) node.append(element("span", "badge", "!"));
  return node;
}

function pointIcon(look) {
  const height = look.size;
  const width = look.isBuilding ? Math.max(height, 12 + 9 * look.text.length) : height;
  return L.divIcon({
    html: pointNode(look), className: "store", iconSize: [width, height],
    popupAnchor: [0, -height / 2],
  });
}

function houseIcon() {
  const node = element("span", "house");
  node.append(houseNode());
  return L.divIcon({ html: node, className: "place", iconSize: [32, 32], popupAnchor: [0, -16] });
}

function appointmentIcon() {
  return L.divIcon({
    html: element("span", "appointment", "◆"), className: "place", iconSize: [26, 26],
    popupAnchor: [0, -13],
  });
}

function labelIcon(text, color, ink) {
  const node = element("span", "line-label", text);
  node.style.background = color;
  node.style.color = ink;
  return L.divIcon({ html: node, className: "line-label-box", iconSize: [0, 0] });
}

// With many stores at once every marker is drawn on one canvas: thousands of elements are slow.
const LetterMarker = L.CircleMarker.extend({
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty()) return;
    const { x, y } = this._point;
    const context = renderer._ctx;
    const { look } = this.options;
    const radius = this._radius;
    const colors = look.isMissing ? ["#ffffff"] : look.colors;
    colors.forEach((color, i) => {
      const turn = (2 * Math.PI) / colors.length;
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, radius, i * turn - Math.PI / 2, (i + 1) * turn - Math.PI / 2);
      context.fillStyle = color;
      context.fill();
    });
    if (colors.length > 1) {
      context.beginPath();
      context.arc(x, y, radius * 0.62, 0, 2 * Math.PI);
      context.fillStyle = "#ffffff";
      context.fill();
    }
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = look.isMissing || look.isShort ? 3 : 1.5;
    context.strokeStyle = look.isMissing || look.isShort ? "#c00000" : "#ffffff";
    context.stroke();
    context.fillStyle = look.isMissing ? "#c00000" : colors.length > 1 ? "#000000" : look.ink;
    context.font = `bold ${Math.round(radius)}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(look.text, x, y + 0.5);
  },
});

function storeMarker(look, isCanvas) {
  if (isCanvas) return new LetterMarker(look.at, { radius: look.size / 2, look });
  const marker = L.marker(look.at, {
    icon: pointIcon(look), title: look.title, riseOnHover: true,
    zIndexOffset: look.isMissing ? 500 : 0,
  });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", look.title));
  return marker;
}

function telephoneLink(phone) {
  const link = element("a", "", phone);
  link.href = `tel:${phone.replace(/[^\d+*#,;]/g, "")}`;
  return link;
}

function factRow(list, name, value) {
  if (!value) return;
  list.append(element("dt", "", name));
  const cell = element("dd");
  cell.append(value);
  list.append(cell);
}

// One store of a popup: name, class, when it is visited, and how to reach it.
function storeNode(data, index) {
  const store = data.stores[index];
  const words = data.texts;
  const box = element("section", "store-facts");
  box.append(element("h2", "", store.name));
  const classInfo = data.classes.find((c) => c.label === store.class);
  const known = [classInfo ? classInfo.title : store.class, `${words.store_id} ${store.id}`];
  box.append(element("p", "kind", known.filter(Boolean).join(" · ")));
  if (store.missing) box.append(missingNode(words, store.missing));
  const table = element("table");
  for (const visit of data.visitsOfStore[index]) {
    const route = data.routes[visit.route];
    for (const [days, span] of visit.times) {
      const row = table.insertRow();
      const label = element("b", "", route.label);
      label.style.background = route.color;
      label.style.color = route.ink;
      row.insertCell().append(label);
      row.insertCell().append(days);
      const when = row.insertCell();
      when.className = "span";
      when.append(span);
      row.insertCell().append(words.visit_number.replace("{n}", visit.number));
    }
  }
  if (table.rows.length) box.append(table);
  const list = element("dl");
  factRow(list, words.frequency, store.frequency);
  factRow(list, words.address, store.address);
  if (store.phone) factRow(list, words.phone, telephoneLink(store.phone));
  factRow(list, words.opening, store.opening);
  factRow(list, words.note, store.note);
  box.append(list);
  return box;
}

function missingNode(words, missing) {
  const box = element("p", "missing-reason");
  const title = missing.served
    ? words.fewer_visits.replace("{served}", missing.served).replace("{required}", missing.required)
    : words.not_scheduled;
  box.append(element("b", "", title), element("br"), missing.message);
  if (missing.hint) box.append(element("br"), element("i", "", missing.hint));
  return box;
}

function popupNode(data, indices) {
  const box = element("div", "popup");
  if (indices.length > 1) {
    const title = data.texts.in_building.replace("{n}", indices.length);
    box.append(element("p", "building-title", title));
  }
  for (const index of indices) box.append(storeNode(data, index));
  return box;
}
