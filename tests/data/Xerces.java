import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.SAXException;

/** Lines `schema.xsd TAB message.xml` in, one line `valid` or `invalid: reason` out for each, by the JDK's Xerces. */
public class Xerces {
    public static void main(String[] args) throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        Map<String, Schema> schemas = new HashMap<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String line; (line = in.readLine()) != null; ) {
            String[] files = line.split("\t");
            if (!schemas.containsKey(files[0])) {
                schemas.put(files[0], factory.newSchema(new File(files[0])));
            }
            try {
                schemas.get(files[0]).newValidator().validate(new StreamSource(new File(files[1])));
                out.println("valid");
            } catch (SAXException error) {
                out.println("invalid: " + error.getMessage().replace('\n', ' '));
            }
        }
    }
}
