import type { ServerResponse } from 'node:http';
import { type DescMessage, fromBinary, toJson } from '@bufbuild/protobuf';
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { type ErrorBody, errorBody } from '../grpc-codes.ts';
import type { HttpRule } from './http-rules.ts';

/** A request over HTTP that was understood. */
export interface RestCall {
  rule: HttpRule;
  /** The request in protobuf's binary form. */
  message: Uint8Array;
  responseType: DescMessage;
  style: { enumAsInteger: boolean; indent: number };
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=UTF-8' };
const asIs = (bytes: Uint8Array) => Buffer.from(bytes);

/** Sends calls to a gRPC server as they are, and its answers back as JSON. One connection, opened with the first call. */
export function createForwarder(address: () => string) {
  let client: Client | undefined;
  const connect = () =>
    new Client(address(), credentials.createInsecure(), { 'grpc.max_receive_message_length': -1 });

  return {
    /** Resolves once the answer is sent, or nobody waits for it any more. */
    forward(call: RestCall, response: ServerResponse): Promise<void> {
      client ??= connect();
      return call.rule.responseStream
        ? forwardStream(client, call, response)
        : forwardUnary(client, call, response);
    },
    close: () => client?.close(),
  };
}

function forwardUnary(client: Client, call: RestCall, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = client.makeUnaryRequest(pathOf(call), asIs, asIs, call.message, (error, bytes) => {
      if (error) end(response, errorOf(error), JSON.stringify(errorOf(error), null, 2));
      else end(response, undefined, jsonOf(call, bytes ?? new Uint8Array()));
      resolve();
    });
    response.on('close', () => outgoing.cancel());
  });
}

/** Over HTTP a stream of messages is a list of them, and so is the error that ends it. */
function forwardStream(client: Client, call: RestCall, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = client.makeServerStreamRequest(pathOf(call), asIs, asIs, call.message);
    const next = (text: string) => {
      if (!response.headersSent) response.writeHead(200, JSON_HEADERS);
      return `${isFirst() ? '[' : ',\n'}${text}`;
    };
    let count = 0;
    const isFirst = () => count++ === 0;
    outgoing.on('data', (bytes: Uint8Array) => {
      if (response.write(next(jsonOf(call, bytes)))) return;
      outgoing.pause();
      response.once('drain', () => outgoing.resume());
    });
    outgoing.on('error', (error: ServiceError) => {
      const body = errorOf(error);
      if (!response.headersSent) response.writeHead(body.error.code, JSON_HEADERS);
      response.end(`${next(JSON.stringify(body, null, 2))}]\n`);
      resolve();
    });
    outgoing.on('end', () => {
      if (!response.headersSent) response.writeHead(200, JSON_HEADERS);
      if (!response.writableEnded) response.end(count === 0 ? '[]\n' : ']\n');
      resolve();
    });
    response.on('close', () => outgoing.cancel());
  });
}

function pathOf({ rule }: RestCall): string {
  return `/${rule.service}/${rule.method}`;
}

function jsonOf({ responseType, style }: RestCall, bytes: Uint8Array): string {
  const { enumAsInteger, indent } = style;
  return JSON.stringify(
    toJson(responseType, fromBinary(responseType, bytes), { enumAsInteger }),
    null,
    indent,
  );
}

function errorOf({ code, details }: ServiceError): ErrorBody {
  return errorBody(code, details);
}

function end(response: ServerResponse, error: ErrorBody | undefined, text: string): void {
  response.writeHead(error?.error.code ?? 200, JSON_HEADERS);
  response.end(`${text}\n`);
}
