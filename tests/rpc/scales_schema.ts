/**
 * A service's descriptor as generated code would have it, made by hand.
 *
 * @module
 */

import { create, createFileRegistry, type DescService } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

const field = (name: string, number: number, type: Type, label: Label = Label.OPTIONAL) => ({
  name,
  jsonName: name,
  number,
  type,
  label,
});

const method = (name: string, serverStreaming: boolean = false) => ({
  name,
  inputType: ".test.v1.WeighRequest",
  outputType: ".test.v1.WeighResponse",
  serverStreaming,
});

const file = create(FileDescriptorProtoSchema, {
  name: "scales.proto",
  package: "test.v1",
  syntax: "proto3",
  messageType: [
    { name: "WeighRequest", field: [field("device", 1, Type.STRING), field("id", 2, Type.INT64)] },
    {
      name: "WeighResponse",
      field: [
        field("device", 1, Type.STRING),
        field("id", 2, Type.INT64),
        field("grams", 3, Type.DOUBLE, Label.REPEATED),
      ],
    },
  ],
  service: [{
    name: "Scales",
    method: [method("Weigh"), method("Refuse"), method("Hang"), method("Stream", true)],
  }],
});

/** `test.v1.Scales`: weighs, refuses, hangs, and streams. */
export const Scales: DescService = createFileRegistry(file, () => undefined).getService("test.v1.Scales")!;
