using System.Text;
using ImageScan.Core.Policies;
using static ImageScan.Core.Tests.Policies.Judged;

namespace ImageScan.Core.Tests.Policies;

public sealed class PolicySetTests
{
    // The form of StackRox's export, with what is passed over here (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/policy.proto).
    private const string Exported = """
        {"policies":[
          {"id":"1","name":"Old images","description":"d","rationale":"r","remediation":"m","disabled":false,"categories":["Made"],
           "lifecycleStages":["BUILD","DEPLOY"],"eventSource":"NOT_APPLICABLE","severity":"HIGH_SEVERITY","enforcementActions":["FAIL_BUILD_ENFORCEMENT"],
           "exclusions":[{"name":"a deployment","deployment":{"name":"x","scope":null},"image":null,"expiration":null},
                         {"name":"ours","image":{"name":"docker.io/ours/"},"expiration":"2025-01-01T00:00:00Z"}],
           "scope":[{"cluster":"c","namespace":"n","label":null}],"notifiers":["mail"],"lastUpdated":null,"SORTName":"","policyVersion":"1.1",
           "policySections":[{"sectionName":"s","policyGroups":[{"fieldName":"Image Age","booleanOperator":"OR","negate":false,"values":[{"value":"30"}]}]}],
           "mitreAttackVectors":[{"tactic":"TA0001","techniques":[]}],"criteriaLocked":false,"isDefault":false},
          {"id":"2","name":"Privileged","lifecycleStages":["DEPLOY"],"severity":"LOW_SEVERITY",
           "policySections":[{"policyGroups":[{"fieldName":"Privileged Container","values":[{"value":"true"}]}]}]},
          {"id":"3","name":"Off","disabled":true,"lifecycleStages":["BUILD"],
           "policySections":[{"policyGroups":[{"fieldName":"Of A Later Release","values":[{"value":"true"}]}]}]}
        ]}
        """;

    private static readonly JudgedImage Old = Clean with { Config = Clean.Config! with { Created = Now.AddDays(-31) } };

    [Fact]
    public void TakesWhatStackRoxExports()
    {
        PolicySet policies = PolicySet.Of(PolicyFile.Read(Encoding.UTF8.GetBytes(Exported)), []);

        Assert.Equal(["Old images", "Privileged", "Off"], policies.All.Select(policy => policy.Name));
        PolicyViolations violated = Assert.Single(PolicyJudge.Judge(Old, policies, [], Now));
        Assert.Equal(("Old images", true), (violated.Policy.Name, violated.FailsBuild));
    }

    [Fact]
    public void LeavesOutImagesByTheBeginningOfTheirNamesAsLongAsItSays()
    {
        PolicySet policies = PolicySet.Of(PolicyFile.Read(Encoding.UTF8.GetBytes(Exported)), []);
        JudgedImage ours = Old with { FullName = "docker.io/ours/app:1" };
        var end = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Empty(PolicyJudge.Judge(ours, policies, [], end));
        Assert.Single(PolicyJudge.Judge(ours, policies, [], end.AddTicks(1)));
    }

    [Fact]
    public void DoesWhatIsChosenForSinglePolicies()
    {
        Policy policy = Policy(Group("Image Tag", ".*")) with { EnforcementActions = [EnforcementAction.FailBuildEnforcement, EnforcementAction.KillPodEnforcement] };

        PolicyViolations[] Judge(string name, PolicyState state) =>
            [.. PolicyJudge.Judge(Clean, PolicySet.Of([policy with { Disabled = state == PolicyState.Fail }], [new PolicyChoice { Policy = name, State = state }]), [], Now)];

        Assert.Empty(Judge("made", PolicyState.Off));
        Assert.False(Assert.Single(Judge("id", PolicyState.Warn)).FailsBuild);
        Assert.Equal(
            [EnforcementAction.KillPodEnforcement, EnforcementAction.FailBuildEnforcement], Assert.Single(Judge("made", PolicyState.Fail)).Policy.EnforcementActions);
    }

    [Fact]
    public void RefusesAChoiceForAPolicyThatIsNone() => Assert.Equal(
        "Policies__Choices has 'mode', which is no policy's name or id.",
        Assert.Throws<SettingException>(() => PolicySet.From(new PolicySettings { Choices = [new PolicyChoice { Policy = "mode" }] })).Message);

    [Fact]
    public void JudgesByCategoriesAndKnowsThem()
    {
        PolicySet policies = PolicySet.Of([Policy(Group("Image Tag", ".*")), Policy(Group("CVE", "x")) with { Id = "2", Name = "2", Categories = ["Other"] }], []);

        Assert.Single(PolicyJudge.Judge(Clean, policies, ["Made", "Nobody's"], Now));
        Assert.Empty(PolicyJudge.Judge(Clean, policies, ["Other"], Now));
        Assert.Empty(PolicyJudge.Judge(Clean, policies, ["made"], Now));
        Assert.Equal(["made", "b"], policies.UnknownOf(["made", "Other", "b", "made"]));
    }

    [Fact]
    public void PutsTheWorstFirst()
    {
        Policy Made(string name, PolicySeverity severity) => Policy(Group("Image Tag", ".*")) with { Id = name, Name = name, Severity = severity };
        PolicySet policies = PolicySet.Of([Made("c", PolicySeverity.LowSeverity), Made("b", PolicySeverity.CriticalSeverity), Made("a", PolicySeverity.LowSeverity)], []);

        Assert.Equal(["b", "a", "c"], PolicyJudge.Judge(Clean, policies, [], Now).Select(violated => violated.Policy.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"policies":null}""")]
    [InlineData("""{"policies":[null]}""")]
    [InlineData("""{"policies":[{"name":null}]}""")]
    [InlineData("""{"policies":[{"severity":"WORST"}]}""")]
    [InlineData("""{"policies":[{"severity":3}]}""")]
    [InlineData("""{"policies":[{"categories":[null]}]}""")]
    [InlineData("""{"policies":[{"exclusions":[null]}]}""")]
    [InlineData("""{"policies":[{"policySections":[null]}]}""")]
    [InlineData("""{"policies":[{"policySections":[{"policyGroups":[null]}]}]}""")]
    [InlineData("""{"policies":[{"policySections":[{"policyGroups":[{"values":[null]}]}]}]}""")]
    [InlineData("""{"policies":[{"policySections":[{"policyGroups":[{"values":[{"value":null}]}]}]}]}""")]
    public void RefusesWhatIsNoListOfPolicies(string json) => Assert.Throws<FormatException>(() => PolicyFile.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void RefusesNestingWithoutAnEnd()
    {
        string json = $"{{\"policies\":[{{\"scope\":{new string('[', 100_000)}";

        Assert.Throws<FormatException>(() => PolicyFile.Read(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void RefusesTwoOfOneNameAndOnesWithout()
    {
        Policy made = Policy(Group("Image Tag", ".*"));

        Assert.Equal("two policies are called made", Assert.Throws<FormatException>(() => PolicySet.Of([made, made with { Id = "2" }], [])).Message);
        Assert.Equal("two policies are called id", Assert.Throws<FormatException>(() => PolicySet.Of([made, made with { Name = "2" }], [])).Message);
        Assert.Throws<FormatException>(() => PolicySet.Of([made with { Id = "" }], []));
        Assert.Throws<FormatException>(() => PolicySet.Of([made with { PolicySections = [] }], []));
        Assert.Throws<FormatException>(() => PolicySet.Of([made with { PolicySections = [new PolicySection()] }], []));
    }

    [Fact]
    public void StopsTheStartWithTheFileAndTheReason()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Exported.Replace("\"disabled\":true", "\"disabled\":false", StringComparison.Ordinal));

            Assert.Equal(
                $"Policies__Path is '{path}': the policy \"Off\" cannot be used: there is no criterion \"Of A Later Release\" here; "
                    + "turn it off there or by Policies__Choices.",
                Assert.Throws<SettingException>(() => PolicySet.From(new PolicySettings { Path = path })).Message);
            Assert.Equal(
                3, PolicySet.From(new PolicySettings { Path = path, Choices = [new PolicyChoice { Policy = "Off", State = PolicyState.Off }] }).All.Count);
            File.WriteAllText(path, new string(' ', PolicyFile.MaxBytes + 1));
            Assert.Contains("longer than", Assert.Throws<SettingException>(() => PolicySet.From(new PolicySettings { Path = path })).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
