// node snyk.cjs FOLDER-OF-NODE_MODULES [ARCHIVE]: prints a line of JSON for each package that snyk-docker-plugin finds. Without an archive
// it only loads the plugin.
const { createRequire } = require('node:module');

const plugin = createRequire(`${process.argv[2]}/package.json`)('snyk-docker-plugin');

function print(type, name, version, place) {
    console.log(JSON.stringify({ type, name, version, place }));
}

function printGraph(identity, graph) {
    const root = graph.rootPkg;
    for (const { name, version } of graph.getPkgs()) {
        if (name !== root.name || version !== root.version) {
            print(graph.pkgManager.name, name, version ?? '', identity.targetFile ?? '');
        }
    }
}

async function main(archive) {
    const { scanResults } = await plugin.scan({ path: `docker-archive:${archive}`, 'app-vulns': true, 'nested-jars-depth': '4' });
    for (const { identity, facts } of scanResults) {
        for (const { type, data } of facts) {
            if (type === 'depGraph') {
                printGraph(identity, data);
            } else if (type === 'jarFingerprints') {
                // Jars without coordinates are looked up by their hash, which takes a network.
                for (const jar of data.fingerprints) {
                    for (const { groupId, artifactId, version } of [jar, ...jar.dependencies]) {
                        if (artifactId) {
                            print('maven', `${groupId}:${artifactId}`, version, jar.location);
                        }
                    }
                }
            } else if (type === 'baseRuntimes') {
                for (const { type: runtime, version } of data) {
                    print('runtime', runtime, version, '');
                }
            }
        }
    }
}

if (process.argv[3]) {
    main(process.argv[3]).catch((error) => {
        console.error(error);
        process.exit(1);
    });
}
