"use strict";

// Names, comments and addresses come from the cluster and are hostile. Nothing here makes markup of text: elements are
// made one by one, and text goes in as text. Characters that hide, or that turn the order of what stands beside them,
// are spelled out.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function spelled(text) {
  return String(text).replace(UNSEEN, each => "\\u" + each.codePointAt(0).toString(16).padStart(4, "0"));
}

const byId = id => document.getElementById(id);

// el("span.name", {role: "x"}, "text", element, null): a tag with classes, attributes, and children; null is none.
function el(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  return filled(document.createElement(name), classes, attributes, children);
}

function svg(tag, attributes, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), [], attributes, children);
}

function filled(element, classes, attributes, children) {
  if (classes.length > 0) element.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : spelled(value));
  }
  element.append(...nodes(children));
  return element;
}

// What is null, undefined or false is left out; what is no element is text.
const nodes = children => children.flat(Infinity)
  .filter(child => child !== null && child !== undefined && child !== false)
  .map(child => child instanceof Node ? child : spelled(child));

const fill = (element, ...children) => element.replaceChildren(...nodes(children));

function setText(element, text) {
  const shown = spelled(text);
  if (element.textContent !== shown) element.textContent = shown;
}

// Long or hostile numbers are no reason to fail: what is not a number is shown as a dash.
const isNumber = value => typeof value === "number" && Number.isFinite(value);
const whole = new Intl.NumberFormat("en", {maximumFractionDigits: 0});
const count = value => isNumber(value) ? whole.format(value) : "–";

function scaled(value, base, units) {
  if (!isNumber(value)) return "–";
  let unit = 0;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  return (unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)) + units[unit];
}

const bytes = value => scaled(value, 1024, [" B", " KiB", " MiB", " GiB", " TiB", " PiB"]);
const short = value => scaled(value, 1000, ["", " k", " M", " G", " T"]);
const percent = share => isNumber(share) ? (share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0) + " %" : "–";

function duration(micros) {
  if (!isNumber(micros)) return "–";
  if (micros < 1000) return micros + " µs";
  if (micros < 1e6) return (micros / 1000).toFixed(micros < 1e4 ? 2 : micros < 1e5 ? 1 : 0) + " ms";
  return (micros / 1e6).toFixed(2) + " s";
}

const two = value => String(value).padStart(2, "0");

function clock(at, withMillis) {
  if (!isNumber(at)) return "–";
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  const day = date.toDateString() === new Date().toDateString() ? ""
    : date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate()) + " ";
  return day + time + (withMillis ? "." + String(date.getMilliseconds()).padStart(3, "0") : "");
}

function age(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 120) return seconds + " s";
  if (seconds < 7200) return Math.round(seconds / 60) + " min";
  return seconds < 172800 ? Math.round(seconds / 3600) + " h" : Math.round(seconds / 86400) + " d";
}

const withPort = (address, port) => (address.includes(":") ? "[" + address + "]" : address) + ":" + port;
