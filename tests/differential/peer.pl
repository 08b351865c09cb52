#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Mail::DKIM and Mail::SPF behind JSON lines, as peer.py is for
# its own.
use strict;
use warnings;

our $NOW;
BEGIN { *CORE::GLOBAL::time = sub () { $NOW || CORE::time() } }

# A resolver over the case's fixture, of the part of Net::DNS::Resolver used.
package Fixture;
use Net::DNS;

our ($ZONE, $STATUS) = ({}, 'NOERROR');
sub new { return bless {}, shift }

sub rrs {
	my ($name, $type, $rows) = @_;
	my @found;
	for my $row (@$rows) {
		my %rr = (owner => $name, type => $type, ttl => 300, class => 'IN');
		if ($type eq 'TXT') { $rr{txtdata} = $row }
		elsif ($type eq 'MX') { @rr{'preference', 'exchange'} = @$row }
		elsif ($type eq 'A' || $type eq 'AAAA') { $rr{address} = $row }
		elsif ($type eq 'PTR') { $rr{ptrdname} = $row }
		elsif ($type eq 'CNAME') { $rr{cname} = $row }
		push @found, Net::DNS::RR->new(%rr);
	}
	return @found;
}

sub send {
	my ($self, $name, $type) = @_;
	$name = lc $name;
	$name =~ s/\.$//;
	$type ||= 'A';
	my @answer;
	my $packet = Net::DNS::Packet->new($name, $type);
	my $rcode = 'NOERROR';
	for (my $hops = 0; ; $hops++) {
		my $entry = $ZONE->{$name};
		if (!defined $entry || $entry->{NXDOMAIN}) {
			$rcode = 'NXDOMAIN' if $entry ||
			    !grep { substr($_, -length($name) - 1) eq ".$name" } keys %$ZONE;
			last;
		}
		my $rows = $entry->{$type};
		if ($rows && @$rows) { push @answer, rrs($name, $type, $rows); last }
		if ($entry->{TIMEOUT}) { $STATUS = 'query timed out'; return undef }
		if ($entry->{SERVFAIL}) { $rcode = 'SERVFAIL'; @answer = (); last }
		last if !$entry->{CNAME} || $type eq 'CNAME';
		# a resolver gives up on a loop
		if ($hops >= 8) { $rcode = 'SERVFAIL'; @answer = (); last }
		push @answer, rrs($name, 'CNAME', $entry->{CNAME});
		$name = lc $entry->{CNAME}[0];
	}
	$STATUS = $rcode;
	$packet->header->rcode($rcode);
	$packet->push(answer => @answer);
	return $packet;
}
sub query {
	my ($self, @what) = @_;
	my $packet = $self->send(@what);
	return $packet && $packet->answer ? $packet : undef;
}
sub search { my $self = shift; return $self->query(@_) }
sub errorstring { return $STATUS }
sub AUTOLOAD { return }

package main;
use JSON::PP;
use MIME::Base64;
use Mail::DKIM::Verifier;
use Mail::DKIM::Signer;
use Mail::DKIM::DNS;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::ARC::Signer;
use Mail::SPF;

my $resolver = Fixture->new;
Mail::DKIM::DNS::resolver($resolver);

sub fed {
	my ($machine, $message) = @_;
	$machine->PRINT($message);
	$machine->CLOSE;
	return $machine;
}

my %op = (
	dkim => sub {
		my ($ask, $message) = @_;
		my $v = fed(Mail::DKIM::Verifier->new(Strict => 1), $message);
		my @all = map { $_->result_detail } $v->signatures;
		my $pass = grep { ($_->result || '') eq 'pass' } $v->signatures;
		return {result => $pass ? 'pass' : $v->result, why => \@all};
	},
	arc => sub {
		my ($ask, $message) = @_;
		my $v = fed(Mail::DKIM::ARC::Verifier->new(Strict => 1), $message);
		return {result => $v->result, why => $v->result_detail};
	},
	sign => sub {
		my ($ask, $message) = @_;
		my $s = Mail::DKIM::Signer->new(
			Algorithm => $ask->{algorithm}, Method => $ask->{canon},
			Domain => $ask->{domain}, Selector => $ask->{selector},
			KeyFile => $ask->{key}, Headers => join(':', @{$ask->{extra} || []}),
			$ask->{identity} ? (Identity => $ask->{identity}) : ());
		fed($s, $message);
		my $field = $s->signature->as_string;
		$field =~ s/\r?\n/\r\n/g;
		return {field => encode_base64($field . "\r\n", '')};
	},
	seal => sub {
		my ($ask, $message) = @_;
		my $s = Mail::DKIM::ARC::Signer->new(
			Algorithm => 'rsa-sha256', Domain => $ask->{domain},
			SrvId => $ask->{authserv}, Selector => $ask->{selector},
			KeyFile => $ask->{key}, Chain => $ask->{chain},
			Timestamp => $NOW);
		fed($s, $message);
		die "not sealed\n" unless $s->result eq 'sealed';
		my $fields = join '', map { "$_\r\n" } $s->as_strings;
		$fields =~ s/\r?\n/\r\n/g;
		return {field => encode_base64($fields, '')};
	},
	spf => sub {
		my ($ask) = @_;
		my $helo = $ask->{mail_from} eq '';
		my $identity = $helo ? $ask->{helo} : $ask->{mail_from};
		my $server = Mail::SPF::Server->new(dns_resolver => $resolver,
			hostname => 'receiver.example');
		my $request = Mail::SPF::Request->new(versions => [1],
			scope => $helo ? 'helo' : 'mfrom', identity => $identity,
			ip_address => $ask->{ip}, helo_identity => $ask->{helo});
		my $r = $server->process($request);
		return {result => $r->code, why => $r->text};
	},
);

$| = 1;
my $json = JSON::PP->new->utf8->canonical;
while (my $line = <STDIN>) {
	my $ask = $json->decode($line);
	$Fixture::ZONE = $ask->{dns} || {};
	$Fixture::STATUS = 'NOERROR';
	$NOW = $ask->{now};
	my $answer = eval { $op{$ask->{op}}->($ask, decode_base64($ask->{message} // '')) };
	$answer = {result => 'error', why => "$@"} unless $answer;
	print $json->encode($answer), "\n";
}
