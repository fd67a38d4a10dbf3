import { type Setting, settings, teamOf } from "./experiment-settings.ts";
import { ask, type Asked } from "./experiment-question.ts";
import { loadCore, sourceRoot } from "./core.ts";

/** The experiment's lines, and how many of the sessions it ran ended with an answer. */
export type Report = {
	readonly lines: readonly string[];
	readonly ended: { readonly asked: number; readonly answered: number };
};

/** The protocol's settings side by side, on the same questions, through the real core. */
export async function experiment({ questions, from }: { questions: number; from: number }): Promise<Report> {
	const core = await loadCore(sourceRoot);
	const lines = [
		`${questions} questions each; 4 agents (.85 .82 .78 .72), rho .45, decoy .6, discrimination .72, self pull 1.5`,
		"",
		...header,
	];
	let answered = 0;
	for (const setting of settings) {
		const team = teamOf(setting);
		const asked = Array.from({ length: questions }, (_, i) => ask(core, team, { setting, seed: from + i }));
		answered += asked.filter(({ answered: has }) => has).length;
		lines.push(rowOf(setting, asked));
	}
	return { lines, ended: { asked: settings.length * questions, answered } };
}

const header = [
	"| revises | invalidation | stop | pooling | novelty | accuracy % | calls | consensus % | would have answered anew % |",
	"|---|---|---|---|---|---|---|---|---|",
];

/** The last column: of the sessions that ended early, those where an agent still at work would have brought an answer. */
function rowOf({ revises, invalidation, stop, pooling, novelty }: Setting, asked: readonly Asked[]): string {
	const share = (part: number, whole: number) => (whole === 0 ? "-" : ((100 * part) / whole).toFixed(1));
	const count = (test: (one: Asked) => boolean) => asked.filter(test).length;
	const early = count((one) => one.early);
	const cells = [
		revises.toFixed(2),
		invalidation,
		stop,
		pooling ? "on" : "off",
		novelty ? "on" : "off",
		share(
			count((one) => one.right),
			asked.length,
		),
		(asked.reduce((sum, { calls }) => sum + calls, 0) / asked.length).toFixed(1),
		share(
			count((one) => one.consensus),
			asked.length,
		),
		share(
			count((one) => one.anew),
			early,
		),
	];
	return `| ${cells.join(" | ")} |`;
}
