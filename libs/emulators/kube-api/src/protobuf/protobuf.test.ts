import { expect, test } from "vitest";
import { decodeProtobuf } from "./decode.ts";

type Field = [number, string | number | Buffer | Field[]];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function encode(fields: Field[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
      const bytes = Array.isArray(value) ? encode(value) : Buffer.from(value as string);
      return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
    }),
  );
}

function envelope(apiVersion: string, kind: string, object: Field[]): Buffer {
  const unknown = encode([
    [
      1,
      [
        [1, apiVersion],
        [2, kind],
      ],
    ],
    [2, encode(object)],
  ]);
  return Buffer.concat([Buffer.from("k8s\0"), unknown]);
}

test("a Secret is read with its maps, its bytes and without Go's zero values", () => {
  const object: Field[] = [
    [
      1,
      [
        [1, "name"],
        [2, ""],
        [3, "default"],
        [8, []],
        [
          11,
          [
            [1, "label"],
            [2, "x"],
          ],
        ],
      ],
    ],
    [
      2,
      [
        [1, "key"],
        [2, "value"],
      ],
    ],
    [3, ""],
  ];
  expect(decodeProtobuf(envelope("v1", "Secret", object))).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "name", namespace: "default", labels: { label: "x" } },
    data: { key: Buffer.from("value").toString("base64") },
  });
});

test("numbers, lists and int-or-string values are read", () => {
  const object: Field[] = [
    [1, [[1, "svc"]]],
    [
      2,
      [
        [
          1,
          [
            [1, "http"],
            [2, "TCP"],
            [3, 80],
            [
              4,
              [
                [1, 1],
                [3, "web"],
              ],
            ],
          ],
        ],
      ],
    ],
  ];
  expect(decodeProtobuf(envelope("v1", "Service", object))).toMatchObject({
    spec: { ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: "web" }] },
  });
});

test("zero replicas stay zero", () => {
  expect(decodeProtobuf(envelope("autoscaling/v1", "Scale", [[2, [[1, 0]]]]))).toMatchObject({ spec: { replicas: 0 } });
});

test("what is no protobuf object is none", () => {
  expect(decodeProtobuf(Buffer.from('{"kind":"Secret"}'))).toBeUndefined();
  expect(decodeProtobuf(envelope("none.example/v1", "Unknown", []))).toBeUndefined();
  expect(() => decodeProtobuf(envelope("v1", "Secret", [[1, [[1, "name"]]]]).subarray(0, -3))).toThrow("protobuf");
});
