import { call, connect } from "./bridge.js";

const element = (id) => document.getElementById(id);

async function show(request) {
  element("count").disabled = true;
  element("error").textContent = "";
  try {
    const { visits, visitor } = await request;
    element("visits").textContent = String(visits);
    element("visitor").textContent = visitor ? `visits, the last by ${visitor}` : "visits";
  } catch (error) {
    element("error").textContent = error.message;
  }
  element("count").disabled = false;
}

element("count").addEventListener("click", () => show(call("/visits", { method: "POST" })));
await connect();
await show(call("/visits"));
