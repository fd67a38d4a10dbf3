import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import { createRoot } from "react-dom/client";
import { Page } from "./shell/page.tsx";
import { iterateStreams } from "./state/stream-iteration.ts";

iterateStreams();
const place = document.querySelector("#page");
if (place !== null) createRoot(place).render(<Page />);
