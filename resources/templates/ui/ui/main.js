import { connect } from "./bridge.js";

const { navigation, theme_tokens } = await connect();
document.getElementById("state").textContent = "Connected to the host.";
document.getElementById("path").textContent = navigation?.path ?? "/";
document.getElementById("tokens").textContent = String(Object.keys(theme_tokens ?? {}).length);
