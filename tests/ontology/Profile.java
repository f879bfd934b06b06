import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.io.FileDocumentSource;
import org.semanticweb.owlapi.io.RDFParserMetaData;
import org.semanticweb.owlapi.model.MissingImportHandlingStrategy;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyLoaderConfiguration;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/** For each file: its axioms, the triples that are no axioms, the kinds of terms it has to guess, and what is not OWL 2 DL. */
public class Profile {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
            OWLOntology found = manager.loadOntologyFromOntologyDocument(
                new FileDocumentSource(new File(file)),
                new OWLOntologyLoaderConfiguration()
                    .setMissingImportHandlingStrategy(MissingImportHandlingStrategy.THROW_EXCEPTION));
            RDFParserMetaData parsed =
                (RDFParserMetaData) manager.getOntologyFormat(found).getOntologyLoaderMetaData().get();
            var violations = new OWL2DLProfile().checkOntology(found).getViolations();
            System.out.println(String.join("\t", "file", file, "" + found.getAxiomCount(),
                "" + parsed.getUnparsedTriples().count(), "" + parsed.getGuessedDeclarations().size(),
                "" + violations.size()));
            for (OWLProfileViolation violation : violations) {
                System.out.println("violation\t" + violation.toString().replaceAll("\\s+", " "));
            }
        }
    }
}
