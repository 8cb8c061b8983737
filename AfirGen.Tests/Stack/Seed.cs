namespace AfirGen.Tests.Stack;

/// <summary>Where all randomness of a test comes from. Printed, and taken from AFIRGEN_SEED to repeat a run.</summary>
internal static class Seed
{
    public static int Next()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("AFIRGEN_SEED"), out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"AFIRGEN_SEED={seed}");
        TestContext.Current.AddAttachment("seed", $"AFIRGEN_SEED={seed}");
        return seed;
    }
}
