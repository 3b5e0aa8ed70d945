using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Installed;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

/// <summary>
/// Made images and made advisories that together bring every value out that a scan can give: packages of every source, systems of every origin,
/// and a finding for each vector and severity.
/// </summary>
internal static class EnumImages
{
    // Each is the fix of a package of its own; the names of the packages say what they are there for.
    private static readonly (string Package, string Type, string Vector)[] Scored =
    [
        ("critical", "CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"),
        ("high", "CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"),
        ("medium", "CVSS_V3", "CVSS:3.1/AV:A/AC:H/PR:L/UI:R/S:C/C:L/I:L/A:L"),
        ("low", "CVSS_V3", "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"),
        ("local", "CVSS_V3", "CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"),
        ("none", "CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"),
        ("high-of-2", "CVSS_V2", "AV:N/AC:L/Au:N/C:C/I:C/A:C"),
        ("medium-of-2", "CVSS_V2", "AV:A/AC:M/Au:S/C:P/I:P/A:P"),
        ("low-of-2", "CVSS_V2", "AV:L/AC:H/Au:M/C:N/I:N/A:P"),
    ];

    // os-release, what lists the one package, and the ecosystem of its advisory.
    private static readonly (string Id, string Version, string Name, string Database, string Ecosystem)[] Systems =
    [
        ("alpine", "3.20.1", "Alpine Linux v3.20", "apk", "Alpine:v3.20"),
        ("debian", "12", "Debian GNU/Linux 12 (bookworm)", "dpkg", "Debian:12"),
        ("ubuntu", "22.04", "Ubuntu 22.04.4 LTS", "dpkg", "Ubuntu:22.04:LTS"),
        ("rhel", "9.4", "Red Hat Enterprise Linux 9.4 (Plow)", "Red Hat, Inc.", "Red Hat:enterprise_linux:9::baseos"),
        ("rocky", "9.4", "Rocky Linux 9.4 (Blue Onyx)", "Rocky Enterprise Software Foundation", "Rocky Linux:9"),
        ("sles", "15.5", "SUSE Linux Enterprise Server 15 SP5", "SUSE LLC <https://www.suse.com/>", "SUSE:Linux Enterprise Server 15 SP5"),
        ("amzn", "2023", "Amazon Linux 2023", "Amazon Linux", ""),
        ("ol", "9.4", "Oracle Linux Server 9.4", "Oracle America", ""),
        ("photon", "5.0", "VMware Photon OS/Linux", "VMware, Inc.", ""),
    ];

    /// <summary>The documents of feeds, by their paths.</summary>
    public static IEnumerable<(string Path, string Text)> Advisories() =>
    [
        .. Scored.Select((scored, i) => Osv($"TEST-{i}", $"CVE-2026-1{i:000}", "npm", scored.Package, scored.Type, scored.Vector)),
        Osv("TEST-UNKNOWN", "CVE-2026-1900", "npm", "unknown", null, null),
        Osv("TEST-OF-NVD", "CVE-2026-1901", "npm", "scored-by-nvd", null, null),
        .. Systems.Where(system => system.Ecosystem.Length > 0)
            .Select((system, i) => Osv(IdOf(system.Id, i), $"CVE-2026-2{i:000}", system.Ecosystem, "acme", "CVSS_V3", Scored[1].Vector)),
        ("nvd/nvdcve-2.0-2026.json", Nvd("CVE-2026-1901", Scored[1].Vector)),
        ("amazon/updateinfo.xml", """<?xml version="1.0" ?><updates><update status="final" version="1.4" author="x" type="security" from="x"><id>ALAS2023-2026-001</id><title>x</title><issued date="2026-01-01 00:00:00" /><updated date="2026-01-02T00:00:00Z" /><severity>Medium</severity><description>x</description><references><reference href="x" title="" id="CVE-2026-3001" type="cve" /></references><pkglist><collection short="amazon-linux-2023"><name>Amazon Linux 2023</name><package name="acme" version="2.0" release="1" epoch="0" arch="x86_64"><filename>Packages/x.rpm</filename></package></collection></pkglist></update></updates>"""),
        ("com.oracle.elsa-2026.xml", """<oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5"><definitions><definition id="oval:com.oracle.elsa:def:20261" version="501" class="patch"><metadata><title>ELSA-2026-0001:  acme security update (IMPORTANT)</title><affected family="unix"><platform>Oracle Linux 9</platform></affected><reference source="elsa" ref_id="ELSA-2026-0001" ref_url="https://linux.oracle.com/errata/ELSA-2026-0001.html"/><reference source="CVE" ref_id="CVE-2026-3002" ref_url="https://linux.oracle.com/cve/CVE-2026-3002.html"/><description>x</description><advisory><severity>IMPORTANT</severity><rights>x</rights><issued date="2026-01-01"/></advisory></metadata><criteria operator="AND"><criterion test_ref="t:0" comment="Oracle Linux 9 is installed"/><criteria operator="OR"><criteria operator="AND"><criterion test_ref="t:1" comment="Oracle Linux arch is x86_64"/><criteria operator="OR"><criteria operator="AND"><criterion test_ref="t:2" comment="acme is earlier than 0:2.0-1"/><criterion test_ref="t:3" comment="acme is signed with the Oracle Linux 9 key"/></criteria></criteria></criteria></criteria></criteria></definition></definitions></oval_definitions>"""),
        ("cve_data_photon5.0.json", """[{"cve_id":"CVE-2026-3003","pkg":"acme","cve_score":9.8,"aff_ver":"all versions before 2.0-1 are vulnerable","res_ver":"2.0-1","status":"Fixed"}]"""),
    ];

    /// <summary>The images, by what they are there for.</summary>
    public static IEnumerable<(string Name, MadeImage Image)> All() =>
    [
        ("scores", TestImages.OfNpm([.. Scored.Select(scored => $"{scored.Package}@1.0.0"), "unknown@1.0.0", "scored-by-nvd@1.0.0"])),
        ("sources", Sources()),
        .. Systems.Select(system => (system.Id, OfSystem(system.Id, system.Version, system.Name, system.Database))),
        ("stale", OfSystem("debian", "10", "Debian GNU/Linux 10 (buster)", "dpkg")),
        ("uncertified", OfSystem("rhel", "6.10", "Red Hat Enterprise Linux Server 6.10", "Red Hat, Inc.")),
    ];

    private static string Nvd(string id, string vectorString) => JsonSerializer.Serialize(new
    {
        vulnerabilities = new[]
        {
            new
            {
                cve = new
                {
                    id,
                    published = "2026-01-01T00:00:00.000",
                    lastModified = "2026-01-02T00:00:00.000",
                    metrics = new { cvssMetricV31 = new[] { new { source = "nvd@nist.gov", type = "Primary", cvssData = new { vectorString } } } },
                },
            },
        },
    });

    // Feeds look at the ids of some.
    private static string IdOf(string system, int number) => system switch
    {
        "ubuntu" => $"UBUNTU-CVE-2026-2{number:000}",
        "sles" => $"SUSE-SU-2026:{number}-1",
        "rhel" => $"RHSA-2026:{number}",
        "rocky" => $"RLSA-2026:{number}",
        _ => $"TEST-SYSTEM-{number}",
    };

    private static (string Path, string Text) Osv(string id, string cve, string ecosystem, string package, string? type, string? vector)
    {
        string folder = ecosystem.Split(':')[0];
        string fixedIn = folder switch { "npm" => "2.0.0", "Alpine" => "2.0-r1", _ => "2.0-1" };
        string text = JsonSerializer.Serialize(new
        {
            id,
            modified = "2026-01-02T00:00:00Z",
            published = "2026-01-01T00:00:00Z",
            aliases = folder == "npm" ? new[] { cve } : [],
            upstream = folder == "npm" ? [] : new[] { cve },
            summary = $"Made for a test of {package}",
            severity = type is null ? [] : new[] { new { type, score = vector } },
            affected = new[]
            {
                new
                {
                    package = new { ecosystem, name = package },
                    ranges = new[]
                    {
                        new
                        {
                            type = folder == "npm" ? "SEMVER" : "ECOSYSTEM",
                            events = new object[] { new { introduced = "0" }, new Dictionary<string, string> { ["fixed"] = fixedIn } },
                        },
                    },
                },
            },
        });
        return ($"osv/{folder}/{id.Replace(':', '_')}.json", text);
    }

    private static MadeImage OfSystem(string id, string version, string name, string database) => OfFiles(
        ("etc/os-release", Encoding.UTF8.GetBytes($"ID={id}\nVERSION_ID=\"{version}\"\nNAME=\"{name}\"\nPRETTY_NAME=\"{name}\"\n")),
        database switch
        {
            "apk" => ("lib/apk/db/installed", "P:acme\nV:1.0-r1\nA:x86_64\no:acme\n\n"u8.ToArray()),
            "dpkg" => ("var/lib/dpkg/status", "Package: acme\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n"u8.ToArray()),
            _ => ("var/lib/rpmmanifest/container-manifest-2", Encoding.UTF8.GetBytes($"acme\t1.0-1\t1\t1\t{database}\t(none)\t1\tx86_64\t0\tacme-1.0-1.src.rpm\n")),
        });

    private static MadeImage Sources() => OfFiles(
        ("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"u8.ToArray()),
        ("var/lib/dpkg/status", "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2-1\n\n"u8.ToArray()),
        ("usr/local/lib/python3.12/site-packages/requests-2.25.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: requests\nVersion: 2.25.1\n\n"u8.ToArray()),
        ("app/node_modules/lodash/package.json", """{"name":"lodash","version":"4.17.20"}"""u8.ToArray()),
        ("usr/local/bundle/specifications/rake-13.0.6.gemspec", "Gem::Specification.new do |s|\n  s.name = \"rake\"\n  s.version = \"13.0.6\"\nend\n"u8.ToArray()),
        ("app/vendor/composer/installed.json", """{"packages":[{"name":"monolog/monolog","version":"2.0.0"}]}"""u8.ToArray()),
        ("app/app.deps.json", """{"runtimeTarget":{"name":".NETCoreApp,Version=v8.0"},"targets":{".NETCoreApp,Version=v8.0":{"Newtonsoft.Json/12.0.3":{"runtime":{"lib/netstandard2.0/Newtonsoft.Json.dll":{}}}}},"libraries":{"Newtonsoft.Json/12.0.3":{"type":"package","serviceable":true,"sha512":"sha512-x"}}}"""u8.ToArray()),
        ("app/lib.jar", Jar("META-INF/maven/org.example/lib/pom.properties", "groupId=org.example\nartifactId=lib\nversion=1.0\n")),
        ("usr/bin/tool", Go()));

    private static MadeImage OfFiles(params (string Path, byte[] Content)[] files) => TestImages.OfLayer(TestImages.TarOf(files.Select(file =>
        new PaxTarEntry(TarEntryType.RegularFile, file.Path) { DataStream = new MemoryStream(file.Content), Mode = (UnixFileMode)0b111_101_101 })));

    private static byte[] Jar(string name, string text)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private static byte[] Go()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("go-");
        string path = Path.Combine(folder.FullName, "tool");
        OldGoProgram.Write(path, "go1.17.5", "path\texample.org/tool\nmod\texample.org/tool\tv1.0.0\t\ndep\tgolang.org/x/text\tv0.3.0\t\n");
        byte[] program = File.ReadAllBytes(path);
        folder.Delete(recursive: true);
        return program;
    }
}
