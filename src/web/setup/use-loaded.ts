import { useCallback, useEffect, useState } from "react";
import { faultText } from "../shell/fault-text.ts";

export type Loaded<T> =
	| { readonly status: "loading" }
	| { readonly status: "loaded"; readonly value: T }
	| { readonly status: "failed"; readonly fault: string };

/** What `load` brings, and a way to have it brought anew; what there was stays until then. */
export function useLoaded<T>(load: () => Promise<T>): readonly [Loaded<T>, () => void] {
	const [loaded, setLoaded] = useState<Loaded<T>>({ status: "loading" });
	const fetched = useCallback(
		async () =>
			load().then(
				(value): Loaded<T> => ({ status: "loaded", value }),
				(error: unknown): Loaded<T> => ({ status: "failed", fault: faultText(error) }),
			),
		[load],
	);
	useEffect(() => {
		let gone = false;
		void fetched().then((done) => !gone && setLoaded(done));
		return () => void (gone = true);
	}, [fetched]);
	return [loaded, useCallback(() => void fetched().then(setLoaded), [fetched])];
}
