using System.Text.Json;
using System.Xml.Linq;
using ImageScan.TestSupport;
using YamlDotNet.RepresentationModel;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>azure.yaml, as azd reads it (https://raw.githubusercontent.com/Azure/azure-dev/main/schemas/v1.0/azure.yaml.json).</summary>
public sealed class AzdTests
{
    private static readonly YamlMappingNode File = Yaml.Read("azure.yaml");

    [Fact]
    public void IsNamedAsTheSchemaAllows() => Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", File.Text("name"));

    // An older azd gives Azure the text of a parameter that is an object or an array
    // (https://github.com/Azure/azure-dev/blob/main/cli/azd/CHANGELOG.md, #6694), and the template has such parameters.
    [Fact]
    public async Task AsksForAnAzdThatHandsOnObjectsAndArrays()
    {
        JsonElement parameters = (await Bicep.BuildAsync("main.bicep")).GetProperty("parameters");
        string[] types = [.. parameters.EnumerateObject().Select(parameter => parameter.Value.GetProperty("type").GetString()!)];

        Assert.Contains("secureObject", types);
        Assert.Contains("array", types);
        Assert.Equal(">= 1.23.4", File.Map("requiredVersions").Text("azd"));
    }

    [Fact]
    public void DeploysTheDeployedHead()
    {
        YamlMappingNode service = File.Map("services").Map("api");

        Assert.Equal(("dotnet", "function"), (service.Text("language"), service.Text("host")));

        // azd takes the only project file of the folder.
        string project = Assert.Single(Directory.GetFiles(Repository.Path(service.Text("project")), "*.csproj"));
        Assert.Equal("v4", XDocument.Load(project).Descendants("AzureFunctionsVersion").Single().Value);
    }

    [Fact]
    public void TakesTheTemplateThatIsThere()
    {
        YamlMappingNode infra = File.Map("infra");

        Assert.True(System.IO.File.Exists(Repository.Path(infra.Text("path"), $"{infra.Text("module")}.bicep")));
        Assert.True(System.IO.File.Exists(Repository.Path(infra.Text("path"), $"{infra.Text("module")}.parameters.json")));
    }

    // Its environments hold names, ids and, if somebody puts them there, settings.
    [Fact]
    public void KeepsItsEnvironmentsOutOfTheRepository() => Assert.Contains(".azure/", System.IO.File.ReadAllLines(Repository.Path(".gitignore")));
}
