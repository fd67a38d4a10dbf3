import { refuseNetwork } from "./offline.ts";

refuseNetwork();
