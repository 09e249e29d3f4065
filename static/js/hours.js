// Open now: what <p class="open-status"> says by the visitor's clock (templates/_open_status.html). The same rules as
// helpdesk/contacts/hours.py. Without the script it stays empty, and the hours are there in words.

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const DAYS_AHEAD = 15;
const LONGER = (DAYS_AHEAD - 2) * DAY; // what stays as it is for so long has no end that is worth a word

const clocks = {};
const clockOf = (zone) =>
  (clocks[zone] ??= new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  }));

// How far the clock on the wall is ahead of UTC. Its times are kept as if they were UTC.
function offset(zone, moment) {
  const at = Object.fromEntries(clockOf(zone).formatToParts(moment).map(({ type, value }) => [type, value]));
  return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute) - Math.floor(moment / MINUTE) * MINUTE;
}

// The moment at which the clock shows a time: the first of two, or as if it had not been set.
function momentOf(wall, zone) {
  const [before, after] = [wall - DAY, wall + DAY].map((near) => wall - offset(zone, near));
  return [before, after].find((moment) => moment + offset(zone, moment) === wall) ?? before;
}

function openings(hours, zone, closed, now) {
  const found = [];
  const today = Math.floor((now + offset(zone, now)) / DAY) * DAY;
  for (let day = today - DAY; day < today + DAYS_AHEAD * DAY; day += DAY) {
    const date = new Date(day);
    if (closed.includes(date.toISOString().slice(0, 10))) continue;
    for (const [weekday, from, to] of hours) {
      if (weekday !== (date.getUTCDay() + 6) % 7) continue;
      const [begin, end] = [from, to].map((minutes) => momentOf(day + minutes * MINUTE, zone));
      const last = found.at(-1);
      if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
      else found.push([begin, end]);
    }
  }
  return found;
}

function words(moment, now, withDay) {
  const time = { hour: "numeric", minute: "2-digit" };
  const day = moment - now < 6 * DAY ? { weekday: "long" } : { month: "long", day: "numeric" };
  const show = (what) => new Intl.DateTimeFormat(document.documentElement.lang, what).format(moment).replace("\u202f", "\u00a0");
  return withDay ? `${show(day)} ${show(time)}` : show(time);
}

function showStatus(status, now) {
  const { hours, zone, closedDays, open, closes, closed, opens } = status.dataset;
  const next = openings(JSON.parse(hours), zone, closedDays, now).find(([, end]) => now < end);
  const isOpen = Boolean(next) && next[0] <= now;
  const change = next?.[isOpen ? 1 : 0];
  const today = new Date(change).toDateString() === new Date(now).toDateString();
  const withDay = isOpen ? change - now >= DAY : !today;
  const until = change - now < LONGER ? ` · ${(isOpen ? closes : opens).replace("TIME", words(change, now, withDay))}` : "";
  const state = document.createElement("strong");
  state.textContent = isOpen ? open : closed;
  status.replaceChildren(state, until);
  status.classList.toggle("is-open", isOpen);
}

// Numbers of the visitor's own time zone come first in their card.
function ownZoneFirst(list, now) {
  const own = -new Date(now).getTimezoneOffset() * MINUTE;
  const isOwn = (item) => offset(item.querySelector("[data-zone]")?.dataset.zone ?? "UTC", now) === own;
  const mine = [...list.children].filter((item) => item.querySelector("[data-zone]") && isOwn(item));
  if (mine.length) list.prepend(...mine);
}

function showAll() {
  const now = Date.now();
  for (const status of document.querySelectorAll(".open-status")) showStatus(status, now);
}

function setUp() {
  for (const list of document.querySelectorAll(".contact-lines")) ownZoneFirst(list, Date.now());
  showAll();
}

function tick() {
  showAll();
  setTimeout(tick, MINUTE - (Date.now() % MINUTE));
}

setUp(); // it is deferred, so the page is there, and mostly not painted yet
tick();
addEventListener("htmx:afterSettle", setUp);
addEventListener("visibilitychange", showAll); // timers rest in the background
