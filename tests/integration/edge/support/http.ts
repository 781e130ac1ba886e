/** Requests exactly as written: fetch would tidy the path before it is sent, and refuse bytes that are not HTTP. */

import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Question {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Buffer
  /** The client's own address: any of 127.0.0.0/8. */
  readonly from?: string
}

export interface Reply<Body> {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Body
}

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly error: string
  readonly detail: string
  readonly requestId: string
}

/** The body's type is the caller's claim: an assertion on it is what the test is about. */
export function ask<Body = unknown>(
  port: number,
  path: string,
  question: Question = {},
): Promise<Reply<Body>> {
  const { method = 'GET', headers = {}, body, from = '127.0.0.1' } = question
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port, path, method, headers, localAddress: from, agent: false },
      (response) => read<Body>(response).then(resolve, reject),
    )
    asking.on('error', reject)
    asking.end(body)
  })
}

async function read<Body>(response: IncomingMessage): Promise<Reply<Body>> {
  const content = await text(response)
  const isJson = /json/.test(response.headers['content-type'] ?? '') && content !== ''
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: (isJson ? JSON.parse(content) : content) as Body,
  }
}

/** Sends bytes and gives back all that comes until the other side closes, by a goodbye or by a reset. */
export function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}
