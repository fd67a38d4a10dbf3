import type { NewFile } from "../consensus/events.ts";
import type { Team } from "../consensus/team.ts";
import type { FieldError } from "./contract.ts";
import type { BackendsPort, ModelSpec } from "./deps.ts";
import { modelsOf } from "./team.ts";

/** What of these the team cannot look at: a turn that would quietly be asked without them is not begun. */
export function attachmentFaults(
	team: Team,
	attachments: readonly NewFile[],
	backends: BackendsPort,
): readonly FieldError[] {
	return attachments.flatMap(({ media_type }, i) => {
		const kind = kindOf(media_type);
		return modelsOf(team).flatMap(({ who, spec }) =>
			takes(spec, kind, backends)
				? []
				: [
						{
							path: `attachments.${i}`,
							message: `${who} (${spec.backend} ${spec.model}) takes no ${kind}; leave it out or use another model`,
						},
					],
		);
	});
}

type Kind = "images" | "files" | "text";

function kindOf(mediaType: string): Kind {
	if (mediaType.startsWith("image/")) return "images";
	return mediaType === "application/pdf" ? "files" : "text";
}

/** Text goes to every model of a host; what computes by itself, like the demo, reads the question alone. */
function takes(spec: ModelSpec, kind: Kind, backends: BackendsPort): boolean {
	if (kind === "text") return (backends.about(spec.backend)?.host ?? null) !== null;
	return backends.problem(spec, [kind]) === null;
}
