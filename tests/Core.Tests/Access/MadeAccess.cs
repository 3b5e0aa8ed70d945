using System.Net;
using ImageScan.Core.Access;
using ImageScan.Core.Access.Issuers;
using ImageScan.Core.Api;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Access;

/// <summary>The checks of access by some settings, with storage that is never reached: nobody listens on that port.</summary>
internal sealed class MadeAccess : IDisposable
{
    public MadeAccess(AccessSettings settings, AccessMode mode = AccessMode.Tokens, FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider();
        Account = new StorageAccount(new StorageSettings
        {
            ConnectionString = "DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=bm9ib2R5;TableEndpoint=http://127.0.0.1:1/nobody;"
                + "QueueEndpoint=http://127.0.0.1:1/nobody;BlobEndpoint=http://127.0.0.1:1/nobody",
        });
        Passwords = new PasswordTable(settings, Time);
        Issuers = new IssuerTokens(settings, Time, NullLogger<IssuerTokens>.Instance);
        Allowance = new CallerAllowance(settings);
        Check = new AccessCheck(
            new TokenTable(settings),
            Passwords,
            new ApiTokens(new ApiTokenStore(Account), settings, Time),
            Issuers,
            new FailedAttempts(Time),
            settings,
            mode);
        Trail = new AuditTrail(new AuditStore(Account), Check, Time, NullLogger<AuditTrail>.Instance);
    }

    public FakeTimeProvider Time { get; }

    public StorageAccount Account { get; }

    public PasswordTable Passwords { get; }

    public IssuerTokens Issuers { get; }

    public CallerAllowance Allowance { get; }

    public AccessCheck Check { get; }

    public AuditTrail Trail { get; }

    public static HttpRequest Request(params (string Name, string Value)[] headers)
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

    public Task<AccessDecision> DecideAsync(AccessRights needed, params (string Name, string Value)[] headers) =>
        Check.DecideAsync(Request(headers), needed, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Allowance.Dispose();
        Issuers.Dispose();
        Passwords.Dispose();
        Account.Dispose();
    }
}
