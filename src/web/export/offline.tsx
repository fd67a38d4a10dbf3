import "../style/tokens.css";
import "../style/base.css";
import "../style/controls.css";
import { createRoot } from "react-dom/client";
import { OfflinePage } from "./offline-page.tsx";
import { logIn } from "./offline-html.ts";

const place = document.querySelector("#page");
const log = document.querySelector("#log");
if (place !== null && log !== null) createRoot(place).render(<OfflinePage events={logIn(log.textContent)} />);
