using System.Buffers;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>Parts of a file that follow each other, which one source is asked for in one answer. They arrive one by one.</summary>
/// <param name="plan">The file.</param>
/// <param name="lane">Who is asked; a place is kept there for it.</param>
/// <param name="first">The number of the first part.</param>
/// <param name="count">How many.</param>
/// <param name="clock">Tells when something came.</param>
internal sealed class FileRun(FilePlan plan, Lane lane, int first, int count, TimeProvider clock) : IDisposable
{
    private readonly TaskCompletionSource<IMemoryOwner<byte>?>[] _arrivals =
        [.. Enumerable.Range(0, count).Select(_ => new TaskCompletionSource<IMemoryOwner<byte>?>(TaskCreationOptions.RunContinuationsAsynchronously))];

    private readonly CancellationTokenSource _stop = new();
    private long _lastStep = clock.GetTimestamp();

    public FilePlan Plan => plan;

    /// <summary>The number of the first part.</summary>
    public int First => first;

    public int Count => count;

    /// <summary>The bytes of the file that the parts are; null where they are all of it.</summary>
    public EntityBytes? Bytes => count == plan.Parts.Count && plan.StartOf(0) == 0 ? null : new EntityBytes(plan.StartOf(first), plan.StartOf(first + count) - 1);

    /// <summary>Parts that have come.</summary>
    public int Arrived { get; private set; }

    /// <summary>Who is asked.</summary>
    public Lane Lane => lane;

    /// <summary>Whether a block is a part of the file that was not asked for.</summary>
    public bool IsOfAnotherPart(Cid block) => plan.Has(block) && !plan.Parts.Skip(first).Take(count).Any(part => part.Hash == block.Hash);

    /// <summary>Ends when nobody wants it any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>How long nothing has come.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref _lastStep));

    public Task<IMemoryOwner<byte>?> Arrival(int index) => _arrivals[index].Task;

    /// <summary>Says that something has come.</summary>
    public void Step() => Volatile.Write(ref _lastStep, clock.GetTimestamp());

    /// <summary>The next part, checked.</summary>
    public void Arrive(IMemoryOwner<byte> block)
    {
        Step();
        _arrivals[Arrived++].SetResult(block);
    }

    /// <summary>Says that no more will come; who waits has to look elsewhere.</summary>
    public void End()
    {
        for (int i = Arrived; i < count; i++)
            _arrivals[i].TrySetResult(null);
    }

    /// <summary>Gives it up, if it has not ended.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has.
        }
    }

    public void Dispose() => _stop.Dispose();
}
