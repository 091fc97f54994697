/** What can go wrong between the panel and its source, as sentences that can stand on the screen. */

/** An answer that is not what http_api.md promises. */
export class WireError extends Error {
  override readonly name: string = "WireError";
}

/** An answer in a format newer than this panel. */
export class NewerVersionError extends WireError {
  override readonly name = "NewerVersionError";
}

/** The server answered with an error status; `message` is its own sentence. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** No answer at all: TensorBoard has stopped, or the network has. */
export class ServerGone extends Error {
  override readonly name = "ServerGone";
}

/** True for the rejection of a request that was aborted on purpose. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
