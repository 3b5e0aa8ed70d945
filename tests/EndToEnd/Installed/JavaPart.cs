using System.IO.Compression;
using System.Text;

namespace ImageScan.EndToEnd.Installed;

/// <summary>Jars that no package owns: one as it is, one in a web application, one shaded into another, one without any version.</summary>
internal sealed class JavaPart() : InstalledPart("COPY java /opt/java", "apt-get", "dpkg")
{
    private const string CodecProperties = "META-INF/maven/commons-codec/commons-codec/pom.properties";
    private const string LangProperties = "META-INF/maven/org.apache.commons/commons-lang3/pom.properties";
    private const string ApiProperties = "META-INF/maven/org.slf4j/slf4j-api/pom.properties";

    private string _codec = "";
    private string _lang = "";
    private string _api = "";

    public override IEnumerable<InstalledRow> Expected =>
    [
        Row("maven", "commons-codec:commons-codec", VersionIn(_codec, CodecProperties), "opt/java/commons-codec.jar"),
        Row("maven", "com.example:bundle", "3.2.1", "opt/java/bundle.jar"),
        Row("maven", "org.apache.commons:commons-lang3", VersionIn(_lang, LangProperties), "opt/java/bundle.jar"),
        Row("maven", "org.slf4j:slf4j-api", VersionIn(_api, ApiProperties), "opt/java/web.war/WEB-INF/lib/slf4j-api.jar"),
    ];

    public override async Task PrepareAsync(string workshop, DebianPackages debian)
    {
        _codec = Path.Combine(await debian.UnpackAsync("libcommons-codec-java"), "usr/share/java/commons-codec.jar");
        _lang = Path.Combine(await debian.UnpackAsync("libcommons-lang3-java"), "usr/share/java/commons-lang3.jar");
        _api = Path.Combine(await debian.UnpackAsync("libslf4j-java"), "usr/share/java/slf4j-api.jar");
    }

    public override Task InstallAsync(RootFolder root)
    {
        string java = root.FolderOf("opt/java");
        File.Copy(_codec, Path.Combine(java, "commons-codec.jar"));
        File.Copy(_codec, Path.Combine(java, "gone.jar"));

        // What shading leaves: the classes and descriptions of the other archive, and those of its own.
        File.Copy(_lang, Path.Combine(java, "bundle.jar"));
        Put(
            Path.Combine(java, "bundle.jar"),
            "META-INF/maven/com.example/bundle/pom.properties",
            "groupId=com.example\nartifactId=bundle\nversion=3.2.1\n"u8.ToArray());

        Put(Path.Combine(java, "web.war"), "WEB-INF/lib/slf4j-api.jar", File.ReadAllBytes(_api));
        Put(Path.Combine(java, "app.jar"), "com/example/App.class", Encoding.Latin1.GetBytes("\u00ca\u00fe\u00ba\u00be"));
        return Task.CompletedTask;
    }

    public override Task CleanUpAsync(RootFolder root)
    {
        File.Delete(root.Of("opt/java/gone.jar"));
        return Task.CompletedTask;
    }

    private static void Put(string archive, string path, byte[] content)
    {
        using ZipArchive zip = ZipFile.Open(archive, ZipArchiveMode.Update);
        using Stream entry = zip.CreateEntry(path).Open();
        entry.Write(content);
    }

    private static string VersionIn(string archive, string properties)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        using var text = new StreamReader(zip.GetEntry(properties)!.Open());
        return text.ReadToEnd().Split('\n').Single(line => line.StartsWith("version=", StringComparison.Ordinal))["version=".Length..].Trim();
    }
}
