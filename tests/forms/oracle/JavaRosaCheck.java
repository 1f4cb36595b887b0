// For each folder given: reads form.xml and instances.txt (one XML document a line), loads each instance as ODK
// Collect loads a saved form, and prints what JavaRosa finds: "E path kind", "V path value" (tab separated), "." after
// each instance and "=" after each folder. Files of choices stand in the folder.

import java.io.ByteArrayInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.reference.PrefixedRootFactory;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.reference.ResourceReference;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormAnswerDataSerializer;
import org.javarosa.xform.parse.XFormParser;
import org.javarosa.xform.util.XFormUtils;

public class JavaRosaCheck {
    static PrintStream out;
    static Path folder;

    public static void main(String[] args) throws Exception {
        out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        new XFormsModule().registerModule();
        ReferenceManager.instance().addReferenceFactory(new PrefixedRootFactory(new String[] {"file", "file-csv"}) {
            @Override
            protected Reference factory(String terminal, String uri) {
                return new ResourceReference(terminal) {
                    @Override
                    public String getLocalURI() {
                        return folder.resolve(Path.of(terminal).getFileName()).toString();
                    }
                };
            }
        });
        for (String name : args) {
            folder = Path.of(name);
            byte[] form = Files.readAllBytes(folder.resolve("form.xml"));
            for (String line : Files.readAllLines(folder.resolve("instances.txt"))) {
                try {
                    check(form, line.getBytes(StandardCharsets.UTF_8));
                } catch (Exception e) {
                    out.println("X\t" + e);
                }
                out.println(".");
            }
            out.println("=");
        }
    }

    static void check(byte[] source, byte[] instance) throws Exception {
        FormDef form = XFormUtils.getFormFromInputStream(new ByteArrayInputStream(source));
        TreeElement saved = XFormParser.restoreDataModel(instance, null).getRoot();
        TreeElement root = form.getInstance().getRoot().deepCopy(true);
        root.populate(saved, form);
        form.getInstance().setRoot(root);
        form.initialize(false, new InstanceInitializationFactory());
        FormEntryModel model = new FormEntryModel(form);
        FormEntryController controller = new FormEntryController(model);
        controller.jumpToIndex(org.javarosa.core.model.FormIndex.createBeginningOfFormIndex());
        int event;
        while ((event = controller.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM) {
            if (event != FormEntryController.EVENT_QUESTION) {
                continue;
            }
            FormEntryPrompt prompt = model.getQuestionPrompt();
            TreeReference reference = model.getFormIndex().getReference();
            IAnswerData answer = form.getInstance().resolveReference(reference).getValue();
            if (answer == null) {
                if (prompt.isRequired()) {
                    out.println("E\t" + path(reference) + "\trequired");
                }
            } else if (!form.evaluateConstraint(reference, answer)) {
                out.println("E\t" + path(reference) + "\tconstraint");
            }
        }
        print(form.getInstance().getRoot());
    }

    static String path(TreeReference reference) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < reference.size(); i++) {
            text.append('/').append(reference.getName(i)).append('[').append(reference.getMultiplicity(i) + 1).append(']');
        }
        return text.toString();
    }

    static void print(TreeElement element) {
        if (!element.isRelevant() || element.getMult() == TreeReference.INDEX_TEMPLATE) {
            return;
        }
        if (element.isLeaf()) {
            IAnswerData value = element.getValue();
            out.println("V\t" + path(element.getRef()) + "\t" + (value == null ? "" : new XFormAnswerDataSerializer().serializeAnswerData(value)));
        }
        for (int i = 0; i < element.getNumChildren(); i++) {
            print(element.getChildAt(i));
        }
    }
}
