using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.Tar;

namespace Ipdr.Oci.Tests.Car;

/// <summary>All that reading a CAR to its end, or to its fault, gives.</summary>
internal sealed record CarReading(CarHeader? Header, IReadOnlyList<(Cid Cid, long Offset, string Data)> Blocks, Fault? Fault)
{
    public static async Task<CarReading> OfAsync(byte[] bytes, FeedKind kind = FeedKind.Whole, CarLimits? limits = null)
    {
        await using Feed feed = Feed.Open(kind, bytes);
        return await OfAsync(feed.Input, limits);
    }

    public static async Task<CarReading> OfAsync(PipeReader input, CarLimits? limits = null)
    {
        CarHeader? header = null;
        List<(Cid, long, string)> blocks = [];
        try
        {
            using CarReader reader = await CarReader.OpenAsync(input, limits, TestContext.Current.CancellationToken);
            header = reader.Header;
            while (await reader.ReadNextAsync(TestContext.Current.CancellationToken) is { } block)
                blocks.Add((block.Cid, block.Offset, Convert.ToHexStringLower(block.Data.ToArray())));
            Assert.Null(await reader.ReadNextAsync(TestContext.Current.CancellationToken));
            return new CarReading(header, blocks, null);
        }
        catch (CarFormatException e)
        {
            return new CarReading(header, blocks, e.Fault);
        }
    }

    /// <summary>The same by blocks that have memory of their own.</summary>
    public static async Task<CarReading> OfOwnedAsync(Stream source, CarLimits? limits = null)
    {
        CarHeader? header = null;
        List<(Cid, long, string)> blocks = [];
        try
        {
            using CarReader reader = await CarReader.OpenAsync(source, limits ?? new CarLimits(), TestContext.Current.CancellationToken);
            header = reader.Header;
            for (long offset = reader.Position; await reader.ReadNextOwnedAsync(TestContext.Current.CancellationToken) is { } block; offset = reader.Position)
            {
                blocks.Add((block.Cid, offset, Convert.ToHexStringLower(block.Bytes.Memory.Span)));
                block.Bytes.Dispose();
            }
            Assert.Null(await reader.ReadNextOwnedAsync(TestContext.Current.CancellationToken));
            return new CarReading(header, blocks, null);
        }
        catch (CarFormatException e)
        {
            return new CarReading(header, blocks, e.Fault);
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Header?.Version} {string.Join(' ', Header?.Roots ?? [])} {string.Join(' ', Blocks)} {Fault?.CodeText} {Fault}");
}
