using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Search;

namespace ImageScan.Core.Api;

/// <summary>
/// The part of StackRox's search language that exceptions are looked for with: <c>Field:value,value+Field:value</c>, where each term must fit with
/// one of its values (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/options.go, proto/storage/vuln_requests.proto). What StackRox would
/// pass over, a field that exceptions do not have and a term without a value, is refused: it would give what nobody asked for.
/// </summary>
public sealed class ExceptionQuery
{
    private const int MaxCharacters = 16_000;

    private static readonly IReadOnlyList<Field> Fields =
    [
        Field.OfTexts("Request Name", exception => [exception.Name]),
        Field.OfTexts("CVE", exception => exception.Cves),
        Field.OfTexts("Deferral Update CVEs", exception => UpdatedOf(exception, ExceptionTarget.Deferred)),
        Field.OfTexts("False Positive Update CVEs", exception => UpdatedOf(exception, ExceptionTarget.FalsePositive)),
        Field.OfTexts("Image Registry Scope", exception => [exception.Scope.Registry]),
        Field.OfTexts("Image Remote Scope", exception => [exception.Scope.Remote]),
        Field.OfTexts("Image Tag Scope", exception => [exception.Scope.Tag]),
        Field.OfTexts("Requester User ID", exception => [exception.Requester.Id]),
        Field.OfTexts("Requester User Name", exception => [exception.Requester.Name]),
        Field.OfTexts("Approver User ID", exception => [.. exception.Approvers.Select(approver => approver.Id)]),
        Field.OfTexts("Approver User Name", exception => [.. exception.Approvers.Select(approver => approver.Name)]),
        Field.OfTexts("Request Status", exception => [ProtoNameOf(exception.Status)]),
        Field.OfTexts("Requested Vulnerability State", exception => [ProtoNameOf(exception.Target)]),
        Field.OfTexts("Expiry Type", exception => exception.Expiry is { } expiry ? [ProtoNameOf(expiry.Kind)] : []),
        Field.OfFlag("Expired Request", exception => exception.IsExpired),
        Field.OfFlag("Request Expires When Fixed", exception => exception.Expiry?.Kind == ExceptionExpiryKind.AnyCveFixable),
        Field.OfMoment("Created Time", exception => exception.CreatedAt),
        Field.OfMoment("Last Updated", exception => exception.LastUpdated),
        Field.OfMoment("Request Expiry Time", exception => exception.Expiry?.ExpiresOn),
    ];

    private readonly IReadOnlyList<Func<VulnerabilityException, bool>> _terms;
    private readonly ExceptionPage _page;
    private readonly Field _order;

    private ExceptionQuery(IReadOnlyList<Func<VulnerabilityException, bool>> terms, ExceptionPage page, Field order) =>
        (_terms, _page, _order) = (terms, page, order);

    /// <summary>Reads a query; "" is all exceptions. Throws <see cref="ApiException"/> with code 3 for what cannot be searched.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="now">From when ages are counted.</param>
    public static ExceptionQuery Parse(ListExceptionsRequest request, DateTimeOffset now)
    {
        string order = request.Pagination.SortOption.Field is { Length: > 0 } field ? field : "Created Time";
        try
        {
            if (request.Query.Length > MaxCharacters)
            {
                throw new ImageQueryException($"a query has at most {MaxCharacters:N0} characters");
            }

            IEnumerable<string> terms = QueryText.TermsOf(request.Query).Where(term => !string.IsNullOrWhiteSpace(term));
            return new ExceptionQuery([.. terms.Select(term => ReadTerm(term, now))], request.Pagination, FieldOf(order));
        }
        catch (ImageQueryException refused)
        {
            throw Refusals.QueryRefused(refused);
        }
    }

    /// <summary>Those of the exceptions that fit, in their order and on the page that was asked for.</summary>
    public IEnumerable<VulnerabilityException> PageOf(IEnumerable<VulnerabilityException> exceptions)
    {
        IEnumerable<VulnerabilityException> found = exceptions.Where(exception => _terms.All(fits => fits(exception)));
        IOrderedEnumerable<VulnerabilityException> ordered = _page.SortOption.Reversed
            ? found.OrderByDescending(_order.KeyOf, StringComparer.Ordinal)
            : found.OrderBy(_order.KeyOf, StringComparer.Ordinal);
        return ordered.ThenBy(exception => exception.Id, StringComparer.Ordinal).Skip(_page.Offset).Take(_page.Limit);
    }

    private static Func<VulnerabilityException, bool> ReadTerm(string term, DateTimeOffset now)
    {
        (string name, IReadOnlyList<string> given) = QueryText.Split(term)
            ?? throw new ImageQueryException($"query term {HostileText.Quote(term)} is not FIELD:VALUE");
        Field field = FieldOf(name);
        Func<VulnerabilityException, bool>[] values = [.. given.Select(value => field.Read(value, now))];
        return exception => values.Any(fits => fits(exception));
    }

    private static Field FieldOf(string name) =>
        Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ImageQueryException(
            $"exceptions are not searched by {HostileText.Quote(name)}, only by {string.Join(", ", Fields.Select(field => field.Name))}");

    private static IReadOnlyList<string> UpdatedOf(VulnerabilityException exception, ExceptionTarget target) =>
        exception.Target == target && exception.Update is { } update ? update.Cves : [];

    private static string ProtoNameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());

    /// <summary>Something that exceptions can be found by and put in order by.</summary>
    private sealed record Field(
        string Name, Func<VulnerabilityException, string> KeyOf, Func<string, DateTimeOffset, Func<VulnerabilityException, bool>> Read)
    {
        public static Field OfTexts(string name, Func<VulnerabilityException, IReadOnlyList<string>> texts) => new(
            name,
            exception => texts(exception) is [var first, ..] ? first : "",
            (value, _) =>
            {
                var test = TextTest.Read(value);
                return exception => texts(exception).Any(test.Fits);
            });

        public static Field OfFlag(string name, Func<VulnerabilityException, bool> flag) => new(
            name,
            exception => flag(exception) ? "1" : "0",
            (value, _) =>
            {
                bool wanted = KindTest.ReadFlag(value);
                return exception => flag(exception) == wanted;
            });

        // What has no end comes after all that has one.
        public static Field OfMoment(string name, Func<VulnerabilityException, DateTimeOffset?> moment) => new(
            name,
            exception => $"{moment(exception)?.UtcTicks ?? long.MaxValue:d19}",
            (value, now) =>
            {
                Func<DateTimeOffset, bool> test = MomentTest.Read(value, now);
                return exception => moment(exception) is { } at && test(at);
            });
    }
}
