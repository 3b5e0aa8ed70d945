namespace ImageScan.EndToEnd.Installed;

/// <summary>A gem where <c>gem install</c> puts it on Debian, and another copy that is gone in the end.</summary>
internal sealed class RubyPart() : InstalledPart("RUN gem install", "apt-get", "dpkg")
{
    private const string Gems = "var/lib/gems/3.1.0";

    private string _files = "";
    private string _specification = "";

    public override IEnumerable<InstalledRow> Expected =>
        [Row("gem", "tilt", _specification["tilt-".Length..^".gemspec".Length], $"{Gems}/specifications/{_specification}")];

    public override async Task PrepareAsync(string workshop, DebianPackages debian)
    {
        _files = Path.Combine(await debian.UnpackAsync("ruby-tilt"), "usr/share/rubygems-integration/all");
        _specification = Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(_files, "specifications"), "tilt-*.gemspec")));
    }

    public override async Task InstallAsync(RootFolder root)
    {
        await Tool.RunAsync(root.Path, "cp", "-r", $"{_files}/.", root.FolderOf(Gems));
        await Tool.RunAsync(root.Path, "cp", "-r", $"{_files}/.", root.FolderOf("opt/gone"));
    }

    public override Task CleanUpAsync(RootFolder root)
    {
        Directory.Delete(root.Of("opt/gone"), recursive: true);
        return Task.CompletedTask;
    }
}
