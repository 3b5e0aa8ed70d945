using System.Text.RegularExpressions;
using ImageScan.TestSupport;
using YamlDotNet.RepresentationModel;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>
/// The workflows: what they may do, and what strangers may make them do
/// (https://docs.github.com/actions/reference/security/secure-use).
/// </summary>
public sealed partial class WorkflowTests
{
    // Whose actions are run, each by its major version, which Dependabot moves on.
    private static readonly HashSet<string> Allowed =
    [
        "actions/checkout", "actions/setup-dotnet", "actions/setup-node", "actions/upload-artifact", "actions/dependency-review-action", "Azure/setup-azd",
    ];

    // What the deployment knows by name; SCANNER_ alone is what the names of parameters begin with.
    private static readonly string[] Variables =
    [
        "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID", "AZURE_ENV_NAME", "AZURE_LOCATION", "SCANNER_SETTINGS", "SCANNER_ENDPOINT", "SCANNER_",
    ];

    private static readonly string[] Names =
        [.. Directory.GetFiles(Repository.Path(".github", "workflows")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files => [.. Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void MayReadTheRepositoryAndNoMore(string file)
    {
        YamlMappingNode workflow = Read(file);

        Assert.Equal(["contents: read"], Permissions(workflow.Map("permissions")));
        foreach (YamlMappingNode job in Jobs(workflow).Where(job => job.Has("permissions")))
        {
            // An OIDC token is of use to whom Azure believes, which is a run in an environment.
            Assert.Equal(["contents: read", "id-token: write"], Permissions(job.Map("permissions")));
            Assert.True(job.Has("environment"));
        }
    }

    // It runs with the repository's rights on what a stranger sent; workflow_run likewise.
    [Theory]
    [MemberData(nameof(Files))]
    public void AreStartedByNothingThatLendsAStrangerRights(string file)
    {
        YamlNode on = Read(file).Children[new YamlScalarNode("on")];
        string[] triggers = [.. on.AllNodes.OfType<YamlScalarNode>().Select(node => node.Value!)];

        Assert.DoesNotContain("pull_request_target", triggers);
        Assert.DoesNotContain("workflow_run", triggers);
        Assert.DoesNotContain("issue_comment", triggers);
    }

    // What is put into a script before the shell reads it is code; and titles, branches and inputs are others' words.
    [Theory]
    [MemberData(nameof(Files))]
    public void PutNoExpressionIntoAScript(string file) =>
        Assert.All(Read(file).Under("run"), script => Assert.DoesNotContain("${{", script, StringComparison.Ordinal));

    // A pipe ends as its last command does, unless the shell is named
    // (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell); and "! grep" is content with an error of grep.
    [Theory]
    [MemberData(nameof(Files))]
    public void DoNotPassWhereACommandFailed(string file)
    {
        foreach (YamlMappingNode step in Read(file).AllNodes.OfType<YamlMappingNode>().Where(node => node.Has("run")))
        {
            string script = step.Text("run");

            Assert.DoesNotContain(script.Split('\n'), line => line.TrimStart().StartsWith("! ", StringComparison.Ordinal));
            Assert.True(!script.Contains("| tee", StringComparison.Ordinal) || (step.Has("shell") && step.Text("shell") == "bash"), script);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void UseActionsThatAreKnownByTheirMajorVersion(string file)
    {
        string[] uses = [.. Read(file).Under("uses")];

        Assert.NotEmpty(uses);
        Assert.All(uses, action => Assert.Matches(Action(), action));
        Assert.All(uses, action => Assert.Contains(action.Split('@')[0], Allowed));
    }

    [Fact]
    public void UseOneVersionOfEachAction() => Assert.All(
        Names.SelectMany(file => Read(file).Under("uses")).GroupBy(action => action.Split('@')[0]),
        action => Assert.Single(action.Distinct()));

    [Theory]
    [MemberData(nameof(Files))]
    public void EndByThemselves(string file) => Assert.All(Jobs(Read(file)), job => Assert.InRange(int.Parse(job.Text("timeout-minutes"), null), 1, 60));

    // A password of a principal would have to be kept, and would be good for whoever finds it.
    [Fact]
    public void ShowAzureTheTokenOfTheRunAndNoPassword()
    {
        string text = File.ReadAllText(Repository.Path(".github", "workflows", "deploy.yml"));

        Assert.Contains("--federated-credential-provider github", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--client-secret", text, StringComparison.Ordinal);
        Assert.Equal(["secrets.SCANNER_SETTINGS"], Secret().Matches(text).Select(match => match.Value).Distinct());
    }

    [Fact]
    public void DeployByTheNamesThatTheTemplateReads() => Assert.All(
        Read("deploy.yml").Under("run").SelectMany(script => Variable().Matches(script).Select(match => match.Value)),
        name => Assert.Contains(name, Variables));

    private static YamlMappingNode Read(string file) => Yaml.Read(".github", "workflows", file);

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode workflow) => workflow.Map("jobs").Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<string> Permissions(YamlMappingNode permissions) =>
        permissions.Children.Select(pair => $"{pair.Key}: {pair.Value}").Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^[\w.-]+/[\w.-]+@v\d+$")]
    private static partial Regex Action();

    [GeneratedRegex(@"secrets\.\w+")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\b(AZURE|SCANNER)_[A-Z_]*")]
    private static partial Regex Variable();
}
