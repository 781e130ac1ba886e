/** A JSON client for tests: says what came back and judges nothing. */

export interface Answer<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  /** Parsed where the media type is JSON, else text; undefined where there is none. */
  readonly body: Body
}

export interface Call {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a string is sent as it is, so that malformed JSON can be tried. */
  readonly body?: unknown
  readonly signal?: AbortSignal
}

export interface Client {
  // The body's type is the caller's claim: an assertion on it is what the test is about.
  request<Body>(method: string, path: string, call?: Call): Promise<Answer<Body>>
  get<Body>(path: string, call?: Call): Promise<Answer<Body>>
  post<Body>(path: string, body?: unknown, call?: Call): Promise<Answer<Body>>
  put<Body>(path: string, body?: unknown, call?: Call): Promise<Answer<Body>>
  patch<Body>(path: string, body?: unknown, call?: Call): Promise<Answer<Body>>
  delete<Body>(path: string, call?: Call): Promise<Answer<Body>>
  /** The same client with a bearer token on every call. */
  as(token: string): Client
}

export function httpClient(base: string, always: Readonly<Record<string, string>> = {}): Client {
  const request = async <Body>(method: string, path: string, call: Call = {}): Promise<Answer<Body>> => {
    const hasBody = call.body !== undefined
    const response = await fetch(new URL(path, base), {
      method,
      redirect: 'manual',
      headers: { ...(hasBody && { 'content-type': 'application/json' }), ...always, ...call.headers },
      ...(hasBody && { body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body) }),
      ...(call.signal && { signal: call.signal }),
    })
    const body = parse(response.headers.get('content-type') ?? '', await response.text())
    return { status: response.status, headers: response.headers, body: body as Body }
  }
  return {
    request,
    get: (path, call) => request('GET', path, call),
    post: (path, body, call) => request('POST', path, { ...call, body }),
    put: (path, body, call) => request('PUT', path, { ...call, body }),
    patch: (path, body, call) => request('PATCH', path, { ...call, body }),
    delete: (path, call) => request('DELETE', path, call),
    as: (token) => httpClient(base, { ...always, authorization: `Bearer ${token}` }),
  }
}

function parse(mediaType: string, text: string): unknown {
  if (text === '') return undefined
  return /[/+]json\b/.test(mediaType) ? JSON.parse(text) : text
}
