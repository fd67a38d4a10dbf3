import { useState, type FormEvent } from "react";
import { useApi } from "../state/api.ts";
import { sessionPath } from "../state/route.ts";
import { goTo } from "../state/use-route.ts";

/** One field: ask. */
export function AskPage() {
	const { client } = useApi();
	const [question, setQuestion] = useState("");
	const ask = async (event: FormEvent) => {
		event.preventDefault();
		const { id } = await client.createSession({ question });
		goTo(sessionPath(id));
	};
	return (
		<form className="sheet" onSubmit={(event) => void ask(event)}>
			<label htmlFor="question">Question</label>
			<input
				id="question"
				className="field"
				value={question}
				onChange={(event) => setQuestion(event.target.value)}
			/>
			<button className="button main">Ask</button>
		</form>
	);
}
