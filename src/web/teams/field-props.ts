import type { ReactNode } from "react";
import type { Path } from "./document.ts";
import type { Member } from "./field.ts";

/** Which part of the form it is, and where in the team it stands. */
export type FieldProps = { readonly member: Member; readonly path: Path };

/** Asks for a field within another: a form is made of forms. */
export type Ask = (member: Member, path: Path) => ReactNode;
export type AskProps = { readonly ask: Ask };
