import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends each key from standard input with Kafka's Java producer, and prints the partition that it picked. */
class Partitions {
    public static void main(String[] args) throws Exception {
        List<String> keys = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String key; (key = in.readLine()) != null; ) {
                keys.add(key);
            }
        }
        Map<String, Object> config = Map.of("bootstrap.servers", args[0], "delivery.timeout.ms", 60000,
                "request.timeout.ms", 20000, "linger.ms", 5);
        StringBuilder out = new StringBuilder();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            Map<String, Future<RecordMetadata>> sent = new LinkedHashMap<>();
            for (String key : keys) {
                sent.put(key, producer.send(new ProducerRecord<>(args[1], key, "")));
            }
            for (Map.Entry<String, Future<RecordMetadata>> entry : sent.entrySet()) {
                out.append(entry.getValue().get().partition()).append(' ').append(entry.getKey()).append('\n');
            }
        }
        System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
