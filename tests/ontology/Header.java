import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLAnnotation;
import org.semanticweb.owlapi.model.OWLOntology;

/** For each file: the IRI and the version IRI of its ontology, and its annotations with a literal. */
public class Header {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntology found =
                OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            System.out.println(String.join("\t", "header", found.getOntologyID().getOntologyIRI().get().toString(),
                found.getOntologyID().getVersionIRI().get().toString()));
            for (OWLAnnotation one : (Iterable<OWLAnnotation>) found.annotations()::iterator) {
                String value = one.getValue().asLiteral().map(made -> made.getLiteral())
                    .orElseGet(() -> one.getValue().asIRI().map(Object::toString).orElse(""));
                System.out.println(String.join("\t", "annotation", one.getProperty().getIRI().toString(),
                    value.replaceAll("\\s+", " ")));
            }
        }
    }
}
