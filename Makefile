# Thin: every target calls bin/terang, which also runs where there is no make.
.DEFAULT_GOAL := help
.PHONY: help setup run test fast lint fmt check e2e bench demo code messages reference services services-stop shell lock

PORT ?= 8000
SCALE ?= 1
T ?=
export PORT SCALE

help: ## this list
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t16

setup: ## virtual environment and system libraries (the other targets do it by themselves)
	@bin/terang setup

run: ## the whole platform on http://127.0.0.1:$(PORT), with a demo world
	@bin/terang run

test: ## the whole test suite on a real PostgreSQL (T= chooses tests)
	@bin/terang test $(T)

fast: ## chosen tests on the shared test servers: make fast T="tests/core -x"
	@bin/terang fast $(T)

lint: ## formatting, lint, import contracts
	@bin/terang lint

fmt: ## format code and templates
	@bin/terang fmt

check: ## everything that can be checked without running the product
	@bin/terang check

e2e: ## the journeys in a real browser
	@bin/terang e2e $(T)

bench: ## measurements; ratios to limits and peers
	@bin/terang bench $(T)

demo: ## set the demo world back to its beginning (SCALE= multiplies it)
	@bin/terang demo

code: ## the present code of a demo account's second factor: make code EMAIL=…
	@bin/terang code $(EMAIL)

messages: ## collect texts for the translators
	@bin/terang messages

reference: ## load the reference data
	@bin/terang reference

services: ## keep test servers running in the background
	@bin/terang services

services-stop: ## stop them
	@bin/terang services-stop

shell: ## Django's shell with everything in place
	@bin/terang shell

lock: ## resolve requirements/*.in again
	@bin/terang lock
