import java.io.Reader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.KeyStoreWrapper;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/**
 * Runs one OpenSearch node from the jars on the class path: {@code OsNode HOME}, where HOME/config holds
 * opensearch.yml. It runs until it is killed. Entries for its keystore are in HOME/config/keystore.properties, which
 * is removed when the keystore holds them: on a command line every user could read them.
 *
 * One source serves 1.3, 2.x and 3.x. Only the element type of the node's collection of plugins differs
 * (classes up to 2.x, PluginInfo from 3.0 on), which erasure hides; and some plugin classes changed their names.
 */
public final class OsNode {
    private static final String[] PLUGINS = {
        "org.opensearch.transport.Netty4Plugin", "org.opensearch.transport.Netty4ModulePlugin",
        "org.opensearch.index.reindex.ReindexPlugin", "org.opensearch.index.reindex.ReindexModulePlugin",
        "org.opensearch.analysis.common.CommonAnalysisPlugin", "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
        "org.opensearch.index.mapper.MapperExtrasPlugin", "org.opensearch.index.mapper.MapperExtrasModulePlugin",
        "org.opensearch.join.ParentJoinPlugin", "org.opensearch.join.ParentJoinModulePlugin",
        "org.opensearch.ingest.common.IngestCommonPlugin", "org.opensearch.ingest.common.IngestCommonModulePlugin",
        "org.opensearch.painless.PainlessPlugin", "org.opensearch.painless.PainlessModulePlugin",
        "org.opensearch.repositories.s3.S3RepositoryPlugin",
    };

    private static final class EmbeddedNode extends Node {
        @SuppressWarnings({"unchecked", "rawtypes"})
        EmbeddedNode(Environment env, Collection plugins) {
            super(env, plugins, false);
        }
    }

    private static Collection<Object> plugins() throws Exception {
        Constructor<?> node = Node.class.getDeclaredConstructor(Environment.class, Collection.class, boolean.class);
        boolean described = node.getGenericParameterTypes()[1].getTypeName().contains("PluginInfo");
        List<Object> found = new ArrayList<>();
        for (String name : PLUGINS) {
            try {
                Class<?> plugin = Class.forName(name);
                found.add(described ? describe(name) : plugin);
            } catch (ClassNotFoundException e) {
                // This version calls it by its other name, or has none.
            }
        }
        return found;
    }

    private static Object describe(String name) throws Exception {
        Object version = Class.forName("org.opensearch.Version").getField("CURRENT").get(null);
        for (Constructor<?> info : PluginInfo.class.getConstructors()) {
            Class<?>[] types = info.getParameterTypes();
            // name, description, version, server version, Java version, class, folder, extended plugins, native controller
            if (types.length == 9 && types[3] == version.getClass() && types[7] == List.class) {
                return info.newInstance(name, "from the class path", version.toString(), version, "11", name, null, List.of(), false);
            }
        }
        throw new IllegalStateException("PluginInfo has no constructor known here");
    }

    private static void fillKeystore(Path config) throws Exception {
        Path given = config.resolve("keystore.properties");
        if (!Files.exists(given)) {
            return;
        }
        Properties entries = new Properties();
        try (Reader reader = Files.newBufferedReader(given)) {
            entries.load(reader);
        }
        KeyStoreWrapper keystore = KeyStoreWrapper.create();
        // What the server's own tool calls, which is in the same package.
        Method set = KeyStoreWrapper.class.getDeclaredMethod("setString", String.class, char[].class);
        set.setAccessible(true);
        for (String key : entries.stringPropertyNames()) {
            set.invoke(keystore, key, entries.getProperty(key).toCharArray());
        }
        keystore.save(config, new char[0]);
        Files.delete(given);
    }

    public static void main(String[] args) throws Exception {
        Path home = Paths.get(args[0]);
        Path config = home.resolve("config");
        LogConfigurator.configureWithoutConfig(Settings.builder().put("logger.level", "WARN").build());
        fillKeystore(config);
        Settings.Builder settings = Settings.builder().put("path.home", home);
        KeyStoreWrapper keystore = KeyStoreWrapper.load(config);
        if (keystore != null) {
            keystore.decrypt(new char[0]);
            settings.setSecureSettings(keystore);
        }
        Environment env = InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Collections.emptyMap(), config, () -> "node");
        new EmbeddedNode(env, plugins()).start();
        new CountDownLatch(1).await();
    }
}
