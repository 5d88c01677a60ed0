// SPDX-License-Identifier: Apache-2.0
// produce <bootstrap> <topic> <codec> : one record per line of standard input
// consume <bootstrap> <topic> <count> : prints that many values from the start of the topic, one per line
const fs = require('node:fs')
const { Kafka, CompressionTypes, CompressionCodecs, logLevel } = require('kafkajs')

CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')

const CODECS = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy }
const GIVE_UP_MS = 40_000

async function produce(kafka, topic, codec) {
  const messages = fs.readFileSync(0, 'utf8').split('\n').filter(Boolean).map((value) => ({ value }))
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, acks: -1, compression: CODECS[codec], messages })
  await producer.disconnect()
}

async function consume(kafka, topic, count) {
  const consumer = kafka.consumer({ groupId: `kafkajs-${topic}` })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  let received = 0
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`received ${received} of ${count}`)), GIVE_UP_MS).unref()
    consumer.run({
      eachMessage: async ({ message }) => {
        process.stdout.write(`${message.value}\n`)
        if (++received === count) resolve()
      },
    })
  })
  await consumer.disconnect()
}

async function main([mode, bootstrap, topic, argument]) {
  const kafka = new Kafka({ clientId: 'e2e', brokers: bootstrap.split(','), logLevel: logLevel.ERROR })
  await (mode === 'produce' ? produce(kafka, topic, argument) : consume(kafka, topic, Number(argument)))
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
