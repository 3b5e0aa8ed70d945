using System.Net;
using ImageScan.Core.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Access;

public sealed class AccessCheckTests
{
    private static readonly AccessSettings Settings = new()
    {
        Tokens =
        [
            new AccessToken { Name = "reader", Hash = TokenTableTests.HashOf("r"), Role = AccessRole.Read },
            new AccessToken { Name = "scanner", Hash = TokenTableTests.HashOf("s"), Role = AccessRole.Scan },
            new AccessToken { Name = "admin", Hash = TokenTableTests.HashOf("a"), Role = AccessRole.Admin },
        ],
    };

    private readonly AccessCheck _check = CheckWith(Settings);

    [Theory]
    [InlineData("r", "Read", true)]
    [InlineData("r", "Scan", false)]
    [InlineData("s", "Read", true)]
    [InlineData("s", "Scan", true)]
    [InlineData("s", "Admin", false)]
    [InlineData("a", "Scan", true)]
    [InlineData("a", "Admin", true)]
    public void GivesEachRoleItsOwn(string token, string needed, bool allowed) => Assert.Equal(
        allowed ? AccessVerdict.Allowed : AccessVerdict.LacksRole,
        _check.Decide(Request(("Authorization", $"Bearer {token}")), Enum.Parse<AccessRights>(needed)).Verdict);

    [Theory]
    [InlineData("Authorization", "bearer s")]
    [InlineData("Authorization", "BEARER s")]
    [InlineData("Authorization", "Bearer  s")]
    [InlineData("x-functions-key", "s")]
    public void FindsTheTokenWhereverItIsSent(string header, string value)
    {
        AccessDecision decision = _check.Decide(Request((header, value)), AccessRights.Scan);

        Assert.Equal((AccessVerdict.Allowed, "scanner", true), (decision.Verdict, decision.Caller, decision.IsIdentified));
    }

    [Theory]
    [InlineData("Authorization", "Bearer x", AccessVerdict.BadCredentials)]
    [InlineData("Authorization", "Bearer ", AccessVerdict.BadCredentials)]
    [InlineData("x-functions-key", "x", AccessVerdict.BadCredentials)]
    [InlineData("Authorization", "Basic YWRtaW46cw==", AccessVerdict.NoCredentials)]
    [InlineData("Authorization", "s", AccessVerdict.NoCredentials)]
    [InlineData("X-Other", "s", AccessVerdict.NoCredentials)]
    public void KeepsEverythingElseOut(string header, string value, AccessVerdict verdict) =>
        Assert.Equal(verdict, _check.Decide(Request((header, value)), AccessRights.Read).Verdict);

    [Fact]
    public void LetsNobodyInWithoutTokensButToOpenOperations()
    {
        AccessCheck check = CheckWith(new AccessSettings());

        Assert.Equal(AccessVerdict.NoCredentials, check.Decide(Request(), AccessRights.Read).Verdict);
        Assert.Equal(AccessVerdict.BadCredentials, check.Decide(Request(("Authorization", "Bearer s")), AccessRights.Read).Verdict);
        Assert.Equal(AccessVerdict.Allowed, check.Decide(Request(), AccessRights.None).Verdict);
    }

    [Fact]
    public void KnowsWhoAsksAnOpenOperation()
    {
        Assert.True(_check.Decide(Request(("Authorization", "Bearer r")), AccessRights.None).IsIdentified);
        Assert.False(_check.Decide(Request(("Authorization", "Bearer x")), AccessRights.None).IsIdentified);
        Assert.False(_check.Decide(Request(), AccessRights.None).IsIdentified);
    }

    [Fact]
    public void LimitsWrongTokensButNotRightOnes()
    {
        for (int i = 0; i < FailedAttempts.MaxPerWindow; i++)
        {
            Assert.Equal(AccessVerdict.BadCredentials, _check.Decide(Request(("Authorization", "Bearer x")), AccessRights.Read).Verdict);
        }

        AccessDecision tooMany = _check.Decide(Request(("Authorization", "Bearer x")), AccessRights.Read);

        Assert.Equal((AccessVerdict.TooManyFailures, FailedAttempts.Window), (tooMany.Verdict, tooMany.RetryAfter));
        Assert.Equal(AccessVerdict.Allowed, _check.Decide(Request(("Authorization", "Bearer r")), AccessRights.Read).Verdict);
        Assert.Equal(AccessVerdict.NoCredentials, _check.Decide(Request(), AccessRights.Read).Verdict);
    }

    [Fact]
    public void DoesNotCountRequestsWithoutCredentials()
    {
        for (int i = 0; i < FailedAttempts.MaxPerWindow + 5; i++)
        {
            Assert.Equal(AccessVerdict.NoCredentials, _check.Decide(Request(), AccessRights.Read).Verdict);
        }
    }

    [Theory]
    [InlineData(true, AccessVerdict.BadCredentials)]
    [InlineData(false, AccessVerdict.TooManyFailures)]
    public void BelievesAForwardedAddressOnlyWhenToldTo(bool trust, AccessVerdict verdict)
    {
        AccessCheck check = CheckWith(Settings with { TrustForwardedFor = trust });

        AccessDecision decision = null!;
        for (int i = 0; i <= FailedAttempts.MaxPerWindow; i++)
        {
            decision = check.Decide(Request(("Authorization", "Bearer x"), ("X-Forwarded-For", $"198.51.100.1, 192.0.2.{i}:4711")), AccessRights.Read);
        }

        Assert.Equal(verdict, decision.Verdict);
    }

    [Fact]
    public void NeedsNoTokenOnLoopback()
    {
        AccessCheck check = CheckWith(Settings, AccessMode.Loopback);

        Assert.Equal(AccessVerdict.Allowed, check.Decide(Request(), AccessRights.Admin).Verdict);
        Assert.Equal(AccessVerdict.Refused, check.Decide(Request(("Origin", "https://evil.example"), ("Authorization", "Bearer a")), AccessRights.None).Verdict);
    }

    private static AccessCheck CheckWith(AccessSettings settings, AccessMode mode = AccessMode.Tokens) =>
        new(new TokenTable(settings), new FailedAttempts(new FakeTimeProvider()), settings, mode);

    private static HttpRequest Request(params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("localhost");
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        foreach ((string name, string value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return context.Request;
    }
}
