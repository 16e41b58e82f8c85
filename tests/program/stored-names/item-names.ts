import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item in DynamoDB's typed form. */
type Item = Readonly<Record<string, AttributeValue>>;

/** Attributes of items with their types, after what the item is: a line per attribute, the same for both regions. */
export function itemLines(items: readonly Item[]): string[] {
  return items.flatMap((item) => attributeLines(item).map((line) => `${kindOf(item)}: ${line}`));
}

/** Removes the values of regions and ids from a text, so that a line is the same in every run. */
export function withoutValues(text: string): string {
  return text
    .replace(/eu-west-1|ap-southeast-1/g, "<region>")
    .replace(/^((heartbeat|lag-probe)-<region>)-\d+$/, "$1-<number>")
    .replace(/[0-9a-f]{64}/g, "<digest>");
}

function kindOf(item: Item): string {
  if (item.losingVersion) return "conflict";
  if (item.deleted?.BOOL) return "tombstone";
  const id = item.id.S ?? "";
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id) ? "ticket" : withoutValues(id);
}

function attributeLines(attributes: Item, prefix = ""): string[] {
  return Object.entries(attributes).flatMap(([attribute, value]) => {
    const path = prefix + withoutValues(attribute);
    const elements = (value.L ?? []).flatMap((element) =>
      element.M ? attributeLines(element.M, `${path}[].`) : [`${path}[] ${typeOf(element)}`],
    );
    return [`${path} ${typeOf(value)}`, ...elements, ...attributeLines(value.M ?? {}, `${path}.`)];
  });
}

function typeOf(value: AttributeValue): string {
  return Object.keys(value)[0];
}
