/** Safari reads a stream by its reader only; the client of the API iterates it. */
export function iterateStreams(): void {
	if (Symbol.asyncIterator in ReadableStream.prototype) return;
	Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
		value: async function* pieces(this: ReadableStream<unknown>) {
			const reader = this.getReader();
			try {
				for (;;) {
					const { done, value } = await reader.read();
					if (done) return;
					yield value;
				}
			} finally {
				await reader.cancel();
			}
		},
	});
}
