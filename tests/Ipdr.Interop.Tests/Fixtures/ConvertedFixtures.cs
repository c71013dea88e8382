using System.Collections.Concurrent;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Fixtures;

/// <summary>Each fixture converted with the defaults, once for all tests that look at it.</summary>
public sealed class ConvertedFixtures : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<ConversionReport>>> _reports = new();

    internal async Task<ConversionReport> ReportAsync(string name) => await _reports.GetOrAdd(name, StartConversion).Value;

    internal async Task<OciLayoutFolder> LayoutAsync(string name)
    {
        await ReportAsync(name);
        return new OciLayoutFolder(_folder[name]);
    }

    public void Dispose() => _folder.Dispose();

    private Lazy<Task<ConversionReport>> StartConversion(string name) =>
        new(() => IpdrProgram.ConvertAsync(FixtureCatalogue.Named(name).Path, _folder[name]));
}
