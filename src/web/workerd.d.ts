/** The contract's types lead to modules of the Worker, which use what workerd has and a browser has not. */
interface ReadableStreamBYOBReader {
	readAtLeast<T extends ArrayBufferView>(minBytes: number, view: T): Promise<ReadableStreamReadResult<T>>;
}
