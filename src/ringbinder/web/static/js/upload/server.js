// How the page speaks with the server: JSON with the session's token, and bytes to signed addresses.

/** Nobody answered, or nobody who could have. */
export class Unreachable extends Error {}
/** The server refused a call as a whole; the page has told why. */
export class Refused extends Error {}
/** Whoever was signed in is not any more. */
export class SignedOut extends Error {}

const TOKEN = () => document.body.dataset.csrfToken;
const BUSY = new Set([429, 502, 503, 504]);

export const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** Call one of the page's own addresses; waits where the server asks for patience. */
export async function call(name, body) {
  const address = `${location.pathname.replace(/\/$/, "")}/${name}`;
  for (;;) {
    const answer = await sent(address, body);
    if (answer.headers.has("hx-redirect")) throw new SignedOut();
    if (BUSY.has(answer.status)) {
      await wait(patience(answer.headers.get("retry-after")));
      continue;
    }
    if (!answer.ok) {
      document.getElementById("notices").insertAdjacentHTML("beforeend", await answer.text());
      throw new Refused();
    }
    return answer.json();
  }
}

async function sent(address, body) {
  try {
    return await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf-token": TOKEN(), "hx-request": "true" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Unreachable();
  }
}

function patience(header) {
  const seconds = Number.parseInt(header ?? "", 10);
  return Math.min(Math.max(Number.isNaN(seconds) ? 5 : seconds, 1), 120);
}

/**
 * PUT bytes to a signed address. Gives {status, answer}; status 0 says that nobody answered, and
 * that the sending was stopped where `signal` is aborted.
 */
export function put(address, bytes, { range, signal, progress }) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    if (range) request.setRequestHeader("content-range", range);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => progress(event.loaded));
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.addEventListener("loadend", () => {
      signal.removeEventListener("abort", stop);
      done({
        status: request.status,
        answer: request.response ?? {},
        seconds: patience(request.getResponseHeader("retry-after")),
      });
    });
    request.send(bytes);
  });
}
