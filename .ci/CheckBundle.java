import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * Checks a folder that is to be uploaded to Maven Central, by Central's written requirements
 * (https://central.sonatype.org/publish/requirements/): coordinates, elements of POMs, sources, Javadoc, checksums and signatures. Our own
 * requirements are an SBOM beside each jar, and no other files.
 *
 * <pre>java .ci/CheckBundle.java target/bundle/repository target/bundle/key.asc</pre>
 *
 * The second argument is the public key of the signatures. Prints the faults, and ends with 1 if there are any.
 */
final class CheckBundle {
    private static final List<String> OF_A_FILE = List.of(".asc", ".md5", ".sha1", ".sha256", ".sha512");
    private static final List<String> OF_A_JAR = List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json");

    /** Elements that each POM has itself; a child inherits no name, and a parent's description isn't its own. */
    private static final List<String> OWN = List.of("name", "description");

    private static final List<String> OWN_OR_INHERITED = List.of(
            "url", "licenses/license/name", "licenses/license/url", "developers/developer/name", "scm/connection", "scm/url");

    private final XPath xpath = XPathFactory.newInstance().newXPath();
    private final List<String> faults = new ArrayList<>();
    private final Path root;
    private final Path keys;

    private CheckBundle(Path root, Path keys) {
        this.root = root;
        this.keys = keys;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("Give the folder and the public key: java .ci/CheckBundle.java FOLDER KEY");
            System.exit(2);
        }
        Path keys = Files.createTempDirectory("keys");
        CheckBundle check = new CheckBundle(Path.of(arguments[0]), keys);
        try {
            if (!check.gpg("--import", arguments[1])) {
                check.fault(Path.of(arguments[1]), "is not a public key");
            }
            check.run();
        } finally {
            try (Stream<Path> files = Files.walk(keys)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        check.faults.forEach(System.err::println);
        System.exit(check.faults.isEmpty() ? 0 : 1);
    }

    private void run() throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        if (files.stream().noneMatch(file -> file.toString().endsWith(".pom"))) {
            fault(root, "has no POM");
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            String suffix = OF_A_FILE.stream().filter(name::endsWith).findFirst().orElse("");
            if (!Files.exists(file.resolveSibling(name.substring(0, name.length() - suffix.length())))) {
                fault(file, "is of a file that is missing");
            }
            if (suffix.isEmpty()) {
                file(file);
            }
            if (name.endsWith(".pom")) {
                pom(file);
            }
        }
    }

    private void file(Path file) throws IOException, InterruptedException, GeneralSecurityException {
        Path version = file.getParent();
        String stem = version.getParent().getFileName() + "-" + version.getFileName();
        String name = file.getFileName().toString();
        boolean isKnown = name.equals(stem + ".pom") || OF_A_JAR.stream().anyMatch(suffix -> name.equals(stem + suffix));
        if (!isKnown || !Files.exists(version.resolve(stem + ".pom"))) {
            fault(file, "is none of the files of a POM beside it");
        }
        if (name.endsWith(".jar")) {
            try (ZipFile jar = new ZipFile(file.toFile())) {
                if (jar.size() < 2) {
                    fault(file, "is empty");
                }
            } catch (ZipException e) {
                fault(file, "is no jar: " + e.getMessage());
            }
        }
        for (String algorithm : List.of("MD5", "SHA-1")) {
            Path sum = beside(file, "." + algorithm.replace("-", "").toLowerCase(Locale.ROOT));
            byte[] digest = MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
            if (!Files.exists(sum)) {
                fault(sum, "is missing");
            } else if (!Files.readString(sum).strip().equals(HexFormat.of().formatHex(digest))) {
                fault(sum, "is not the checksum of the file");
            }
        }
        Path signature = beside(file, ".asc");
        if (!Files.exists(signature)) {
            fault(signature, "is missing");
        } else if (!gpg("--verify", signature.toString(), file.toString())) {
            fault(signature, "is not a signature of the file by this key");
        }
    }

    private void pom(Path file) throws Exception {
        Document pom = read(file);
        String artifact = value(pom, "artifactId");
        String version = ownOrParents(pom, "version");
        if (!file.equals(place(ownOrParents(pom, "groupId"), artifact, version))) {
            fault(file, "is not where its coordinates say");
        }
        if (Files.readString(file).contains("-SNAPSHOT")) {
            fault(file, "names a snapshot");
        }
        for (String element : OWN) {
            if (value(pom, element).isEmpty()) {
                fault(file, "has no " + element);
            }
        }
        for (String element : OWN_OR_INHERITED) {
            if (inherited(pom, element).isEmpty()) {
                fault(file, "neither has nor inherits " + element);
            }
        }
        NodeList listed = (NodeList) xpath.evaluate("/project/dependencyManagement/dependencies/dependency", pom, XPathConstants.NODESET);
        for (int k = 0; artifact.endsWith("-bom") && k < listed.getLength(); k++) {
            Path of = place(xpath.evaluate("groupId", listed.item(k)), xpath.evaluate("artifactId", listed.item(k)), version);
            if (!Files.exists(of)) {
                fault(file, "lists an artifact that is missing: " + of.getFileName());
            }
        }
        if (!value(pom, "packaging").equals("pom")) {
            for (String suffix : OF_A_JAR) {
                Path of = file.resolveSibling(artifact + "-" + version + suffix);
                if (!Files.exists(of)) {
                    fault(of, "is missing");
                }
            }
        }
    }

    private String ownOrParents(Document pom, String element) throws Exception {
        String own = value(pom, element);
        return own.isEmpty() ? value(pom, "parent/" + element) : own;
    }

    /** The value of an element of a POM, or else of its nearest ancestor in the folder that has it. */
    private String inherited(Document pom, String element) throws Exception {
        String own = value(pom, element);
        String artifact = value(pom, "parent/artifactId");
        if (!own.isEmpty() || artifact.isEmpty()) {
            return own;
        }
        Path parent = place(value(pom, "parent/groupId"), artifact, value(pom, "parent/version"));
        return Files.exists(parent) ? inherited(read(parent), element) : "";
    }

    private Path place(String group, String artifact, String version) {
        return root.resolve(group.replace('.', '/')).resolve(artifact).resolve(version).resolve(artifact + "-" + version + ".pom");
    }

    private String value(Document pom, String path) throws Exception {
        return xpath.evaluate("/project/" + path, pom).strip();
    }

    private static Document read(Path pom) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private boolean gpg(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gpg", "--homedir", keys.toString(), "--batch", "--quiet", "--no-autostart"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }

    private void fault(Path file, String fault) {
        faults.add("bundle: " + file + " " + fault);
    }
}
