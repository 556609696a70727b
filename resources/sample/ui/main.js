import { call, connect } from "./bridge.js";

const element = (id) => document.getElementById(id);
const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function row(item) {
  const node = element("item").content.firstElementChild.cloneNode(true);
  node.querySelector(".badge").hidden = !item.urgent;
  node.querySelector(".text").textContent = item.text;
  node.querySelector(".meta").textContent = [item.author, when.format(new Date(item.at))].filter(Boolean).join(" · ");
  const close = node.querySelector("button");
  close.setAttribute("aria-label", `Close: ${item.text}`);
  close.addEventListener("click", () => attempt(() => call(`/items/${item.id}`, { method: "DELETE" })));
  return node;
}

async function refresh() {
  const { items } = await call("/items");
  const urgent = items.filter((item) => item.urgent).length;
  element("summary").textContent =
    items.length === 0 ? "Nothing is open." : `${items.length} open${urgent > 0 ? `, ${urgent} urgent` : ""}.`;
  element("items").replaceChildren(...items.map(row));
}

/** Runs a change, then shows what is stored now, whatever became of the change. */
async function attempt(change) {
  element("error").textContent = "";
  try {
    const answer = await change();
    if (answer?.error) throw new Error(answer.error);
    await refresh();
    return true;
  } catch (error) {
    element("error").textContent = error.message;
    return false;
  }
}

element("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = { text: element("text").value, urgent: element("urgent").checked };
  if (await attempt(() => call("/items", { method: "POST", body }))) {
    element("form").reset();
    element("text").focus();
  }
});

await connect();
await attempt(async () => undefined);
