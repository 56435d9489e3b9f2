import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../pipelines/llm/hash.ts";
import { assertStrict, buildRequest, checkParameters, raisesCap, requestHash, variantParameters } from "../../../pipelines/llm/request.ts";
import type { Message } from "../../../pipelines/llm/request.ts";

const messages: Message[] = [
  { role: "system", content: "Plan." },
  { role: "user", content: "Task:\nHow many?" },
];
const asked = { model: "small", messages, parameters: { temperature: 0, max_tokens: 500 }, ask: 1 };

describe("a request", () => {
  it("asks for the JSON spelling by a strict schema, every object closed and every property required", () => {
    const { body } = buildRequest({ ...asked, reply: "json" });
    expect(body.response_format).toMatchInlineSnapshot(`
      {
        "json_schema": {
          "name": "plan",
          "schema": {
            "additionalProperties": false,
            "properties": {
              "subgoals": {
                "items": {
                  "additionalProperties": false,
                  "properties": {
                    "actions": {
                      "items": {
                        "additionalProperties": false,
                        "properties": {
                          "args": {
                            "type": "string",
                          },
                          "outputs": {
                            "items": {
                              "type": "string",
                            },
                            "type": "array",
                          },
                          "result": {
                            "type": "string",
                          },
                          "tool": {
                            "type": "string",
                          },
                        },
                        "required": [
                          "outputs",
                          "tool",
                          "args",
                          "result",
                        ],
                        "type": "object",
                      },
                      "type": "array",
                    },
                    "text": {
                      "type": "string",
                    },
                  },
                  "required": [
                    "text",
                    "actions",
                  ],
                  "type": "object",
                },
                "type": "array",
              },
            },
            "required": [
              "subgoals",
            ],
            "type": "object",
          },
          "strict": true,
        },
        "type": "json_schema",
      }
    `);
  });

  it("sends parameters, model and messages, and no response format for the text spelling", () => {
    const request = buildRequest({ ...asked, reply: "text" });
    expect(request.body).toEqual({ temperature: 0, max_tokens: 500, model: "small", messages });
    expect(request).toMatchObject({ model: "small", ask: 1, sample: 0 });
  });

  it("cannot have its model or messages replaced by a parameter", () => {
    const { body } = buildRequest({ ...asked, parameters: { model: "dear", messages: [] }, reply: "text" });
    expect(body).toMatchObject({ model: "small", messages });
  });
});

describe("a request's hash", () => {
  it("is tagged with its scheme and stays what it is, since stores live on it", () => {
    expect(requestHash(asked)).toMatchInlineSnapshot(`"v1:a2a78ac8107244d2e5d4a20dbd621dcc64b1e1974eea9729e9554a5f5b99158a"`);
  });

  it.each<[string, Parameters<typeof requestHash>[0]]>([
    ["model", { ...asked, model: "large" }],
    ["ask number", { ...asked, ask: 2 }],
    ["sample", { ...asked, sample: 1 }],
    ["parameters", { ...asked, parameters: { temperature: 1, max_tokens: 500 } }],
    ["messages", { ...asked, messages: messages.slice(1) }],
  ])("changes with the %s", (_what, other) => {
    expect(requestHash(other)).not.toBe(requestHash(asked));
  });

  it("does not change with the order of parameters", () => {
    expect(requestHash({ ...asked, parameters: { max_tokens: 500, temperature: 0 } })).toBe(requestHash(asked));
  });

  it("rests on JSON that reads back to the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("the output cap", () => {
  it("is no part of the variant, under either name, and part of the hash", () => {
    expect(variantParameters({ temperature: 0, max_tokens: 500 })).toEqual({ temperature: 0 });
    expect(variantParameters({ max_completion_tokens: 500, seed: 1 })).toEqual({ seed: 1 });
    expect(requestHash({ ...asked, parameters: { temperature: 0, max_tokens: 800 } })).not.toBe(requestHash(asked));
  });

  it.each([
    [500, 800, true],
    [800, 500, false],
    [500, 500, false],
    [null, null, false],
    [null, 500, true],
    [500, null, true],
  ])("of %j may let a reply come whole under %j: %j", (before, now, raised) => {
    expect(raisesCap(before, now)).toBe(raised);
  });

  it("can't be set twice", () => {
    expect(() => checkParameters({ max_tokens: 1, max_completion_tokens: 1 })).toThrowErrorMatchingInlineSnapshot(`[LumosError: Both max_tokens and max_completion_tokens are set: expected one output cap; give --max-tokens alone, it goes under the name that the endpoint takes.]`);
  });
});

describe("checks", () => {
  it.each([
    ["an open object", { type: "object", properties: {}, required: [] }, "schema allows additional properties: expected additionalProperties false."],
    [
      "an optional property",
      { type: "array", items: { type: "object", additionalProperties: false, properties: { a: {} }, required: [] } },
      "schema.items has optional properties a: expected all of them required.",
    ],
  ])("a strict schema may not have %s", (_what, schema, message) => {
    expect(() => assertStrict(schema)).toThrow(message);
  });

  it("a parameter that the program sets itself is refused with what to use instead", () => {
    expect(() => checkParameters({ temperature: 0, stream: true })).toThrowErrorMatchingInlineSnapshot(`[LumosError: Parameter 'stream' can't be set with --param: replies are always read whole.]`);
    expect(() => checkParameters({ n: 4 })).toThrowErrorMatchingInlineSnapshot(`[LumosError: Parameter 'n' can't be set with --param: use --samples.]`);
    expect(() => checkParameters({ temperature: 0, top_p: 1, seed: 3 })).not.toThrow();
  });
});
