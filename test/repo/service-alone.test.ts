import { expect, test } from 'vitest';
import { serviceAlone } from '../../scripts/build/service-alone.ts';

const text = { fields: { text: { type: 'string', id: 1 } } };

test('of a description stays the service, and what its calls are made of, wherever it lies', () => {
  const description = {
    nested: {
      shop: {
        nested: {
          Shop: { methods: { Buy: { requestType: 'Order', responseType: 'common.Receipt' } } },
          Order: {
            fields: { kind: { type: 'Kind', id: 1 }, items: { keyType: 'string', type: 'Item', id: 2 } },
            nested: { Kind: { values: { NEW: 0, USED: 1 } }, Unused: text },
          },
          Item: {
            fields: {
              inside: { rule: 'repeated', type: 'Item', id: 1 },
              color: { type: 'Paint.Color', id: 2 },
            },
          },
          Paint: { ...text, nested: { Color: { values: { RED: 0 } } } },
          admin: {
            nested: {
              Admin: { methods: { Close: { requestType: 'Closing', responseType: 'Closing' } } },
              Closing: text,
            },
          },
        },
      },
      common: { nested: { Receipt: text, Invoice: text } },
    },
  };
  expect(serviceAlone(description, 'shop.Shop')).toEqual({
    nested: {
      shop: {
        nested: {
          Shop: description.nested.shop.nested.Shop,
          Order: {
            fields: description.nested.shop.nested.Order.fields,
            nested: { Kind: { values: { NEW: 0, USED: 1 } } },
          },
          Item: description.nested.shop.nested.Item,
          Paint: { nested: { Color: { values: { RED: 0 } } } },
        },
      },
      common: { nested: { Receipt: text } },
    },
  });
});
