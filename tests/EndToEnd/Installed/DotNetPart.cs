namespace ImageScan.EndToEnd.Installed;

/// <summary>An application as <c>dotnet publish</c> leaves it: as files, and as one file. Its third package is only there to build it.</summary>
internal sealed class DotNetPart() : InstalledPart("COPY --from=build /out /opt/dotnet")
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <NuGetAudit>false</NuGetAudit>
            <UseSharedCompilation>false</UseSharedCompilation>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Newtonsoft.Json" Version="[12.0.3]" />
            <PackageReference Include="YamlDotNet" Version="[11.2.1]" />
            <PackageReference Include="Microsoft.SourceLink.GitHub" Version="8.0.0" PrivateAssets="all" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        System.Console.WriteLine(Newtonsoft.Json.JsonConvert.SerializeObject(new YamlDotNet.Core.Mark()));
        """;

    private string _output = "";

    public override IEnumerable<InstalledRow> Expected =>
    [
        Row("nuget", "Newtonsoft.Json", "12.0.3", "opt/dotnet/files/app.deps.json"),
        Row("nuget", "YamlDotNet", "11.2.1", "opt/dotnet/files/app.deps.json"),
        Row("nuget", "Newtonsoft.Json", "12.0.3", "opt/dotnet/single/app"),
        Row("nuget", "YamlDotNet", "11.2.1", "opt/dotnet/single/app"),
    ];

    public override async Task PrepareAsync(string workshop, DebianPackages debian)
    {
        _output = Path.Combine(workshop, "out");
        await File.WriteAllTextAsync(Path.Combine(workshop, "app.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(workshop, "Program.cs"), Program);
        await PublishAsync(workshop, "files");
        await PublishAsync(workshop, "single", "--use-current-runtime", "--self-contained", "false", "-p:PublishSingleFile=true");
    }

    public override Task InstallAsync(RootFolder root) => Tool.RunAsync(root.Path, "cp", "-r", $"{_output}/.", root.FolderOf("opt/dotnet"));

    private Task<string> PublishAsync(string workshop, string folder, params string[] options)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        // What dotnet test leaves in the environment is not for the build of another project.
        var environment = new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1", ["MSBuildSDKsPath"] = null, ["MSBuildExtensionsPath"] = null };
        return Tool.RunAsync(
            workshop, environment, "", [dotnet, "publish", "app.csproj", "--verbosity", "quiet", "--output", Path.Combine(_output, folder), .. options]);
    }
}
