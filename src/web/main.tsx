import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import { createRoot } from "react-dom/client";
import { Page } from "./shell/page.tsx";
import { takeKey } from "./state/api-key.ts";
import { iterateStreams } from "./state/stream-iteration.ts";

iterateStreams();
// Before anything is drawn: whoever goes on to another address at once has the key already.
takeKey({ location, history, storage: localStorage });
const place = document.querySelector("#page");
if (place !== null) createRoot(place).render(<Page />);
