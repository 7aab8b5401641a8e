// Runs StAEDI's pull parser once, as harness.py runs a Python program: java -cp JAR:. Harness MODE FILE SMALL
import io.xlate.edi.stream.EDIInputFactory;
import io.xlate.edi.stream.EDIStreamEvent;
import io.xlate.edi.stream.EDIStreamReader;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

public final class Harness {
    private static final EDIInputFactory FACTORY = EDIInputFactory.newFactory();

    private record Counts(int sets, int benefits, int services, int messages) {}

    /** All events to the end. EB03 is counted by its repetitions, which the reader gives as elements of their own. */
    private static Counts read(byte[] data) throws Exception {
        int sets = 0, benefits = 0, services = 0, messages = 0;
        String segment = "";
        try (EDIStreamReader reader = FACTORY.createEDIStreamReader(new ByteArrayInputStream(data))) {
            while (reader.hasNext()) {
                EDIStreamEvent event = reader.next();
                if (event == EDIStreamEvent.START_SEGMENT) {
                    segment = reader.getText();
                    switch (segment) {
                        case "ST" -> sets++;
                        case "EB" -> benefits++;
                        case "MSG" -> messages++;
                        default -> { }
                    }
                } else if (event == EDIStreamEvent.ELEMENT_DATA && segment.equals("EB")
                        && reader.getLocation().getElementPosition() == 3 && !reader.getText().isEmpty()) {
                    services++;
                }
            }
        }
        return new Counts(sets, benefits, services, messages);
    }

    private static double peak() throws Exception {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        String line = status.stream().filter(one -> one.startsWith("VmHWM")).findFirst().orElse("VmHWM: 0 kB");
        return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
    }

    public static void main(String[] args) throws Exception {
        String mode = args[0];
        Path file = Path.of(args[1]);
        byte[] small = Files.readAllBytes(Path.of(args[2]));
        read(small);
        double base = peak();
        if (mode.equals("count")) {
            Counts found = read(Files.readAllBytes(file));
            System.out.printf("{\"sets\": %d, \"benefits\": %d, \"services\": %d, \"messages\": %d}%n",
                found.sets, found.benefits, found.services, found.messages);
            return;
        }
        double seconds;
        long bytes = 0;
        if (mode.equals("large")) {
            long start = System.nanoTime();
            read(Files.readAllBytes(file));
            seconds = (System.nanoTime() - start) / 1e9;
            bytes = Files.size(file);
        } else if (mode.equals("warm")) {
            double[] repeats = new double[200];
            for (int warm = 0; warm < 2000; warm++) read(small);
            for (int at = 0; at < repeats.length; at++) {
                long start = System.nanoTime();
                read(small);
                repeats[at] = (System.nanoTime() - start) / 1e9;
            }
            Arrays.sort(repeats);
            seconds = repeats[repeats.length / 2];
            bytes = small.length;
        } else {
            List<Path> files;
            try (var listed = Files.list(file)) {
                files = listed.sorted().collect(Collectors.toList());
            }
            long start = System.nanoTime();
            for (Path path : files) read(Files.readAllBytes(path));
            seconds = (System.nanoTime() - start) / 1e9;
            for (Path path : files) bytes += Files.size(path);
        }
        System.out.printf("{\"seconds\": %.9f, \"bytes\": %d, \"peak_mb\": %.1f, \"base_mb\": %.1f}%n", seconds, bytes, peak(), base);
    }
}
